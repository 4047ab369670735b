#!/bin/bash
# The stand-in's own launcher; like the Gateway's it does not exec, so that a signal to the shell
# alone leaves Java behind, and its class path is relative to the working directory.
if [ $# -lt 1 ]; then
	echo "usage: $0 /path/to/conf.yaml" >&2
	exit 1
fi
config_file=$1
config_path=$(dirname "$config_file")
runtime_path="$config_path:dist/ibgroup.web.core.iblink.router.clientportal.gw.jar:build/lib/runtime/*"
echo "running  "
echo " runtime path : $runtime_path"
echo " config file  : $config_file"
java -server -Dvertx.disableDnsResolver=true -Djava.net.preferIPv4Stack=true \
	-Dvertx.logger-delegate-factory-class-name=io.vertx.core.logging.SLF4JLogDelegateFactory \
	-Dnologback.statusListenerClass=ch.qos.logback.core.status.OnConsoleStatusListener \
	-Dnolog4j.debug=true -Dnolog4j2.debug=true \
	-cp "$runtime_path" ibgroup.web.core.clientportal.gw.GatewayStart --conf "../$config_file"
