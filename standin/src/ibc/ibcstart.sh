#!/bin/bash
# The stand-in's own launcher: it takes what IBC's script of this name takes, refuses with the same statuses, and starts
# the stand-in where that one starts Java, again and again as that one does: at once, and without end.
standin='@STANDIN@'
layout=$(cd "$(dirname "$0")/../.." && pwd)

refuse() {
	{
		echo
		echo '=========================== An error has occurred ============================='
		echo "Error: $2"
	} >&2
	exit "$1"
}

is_one_of() {
	case " $2 " in
		*" ${1,,} "*) ;;
		*) return 1 ;;
	esac
}

version='' program=TWS mode='' on_timeout=''
tws_path=~/Jts settings='' ibc_path=/opt/ibc ini=~/ibc/config.ini java_path='' user='' password=''
echo 'Parsing arguments'
for word; do
	value=${word#*=}
	case $word in
		-g | --gateway) program=Gateway ;;
		--tws-path=*) tws_path=$value ;;
		--tws-settings-path=*) settings=$value ;;
		--ibc-path=*) ibc_path=$value ;;
		--ibc-ini=*) ini=$value ;;
		--java-path=*) java_path=$value ;;
		--user=*) user=$value ;;
		--pw=*) password=$value ;;
		--mode=*) mode=$value ;;
		--on2fatimeout=*) on_timeout=$value ;;
		-*) refuse 3 "Invalid parameter '$word'" ;;
		*)
			[ -z "$version" ] || refuse 3 "Invalid parameter '$word'"
			version=$word
			;;
	esac
done
[ -z "$mode" ] || is_one_of "$mode" 'live paper' ||
	refuse 3 "Trading mode set to $mode but must be either 'live' or 'paper' (case-insensitive)"
[ -z "$on_timeout" ] || is_one_of "$on_timeout" 'restart exit' ||
	refuse 3 "2FA timeout action set to $on_timeout but must be either 'restart' or 'exit' (case-insensitive)"

echo
echo "Starting IBC version 3.24.1 on $(date +%F) at $(date +%T)"
echo
echo "TWS version = $version"
echo "Program = $program"
echo "--tws-path = $tws_path"
echo "--tws-settings-path = $settings"
echo "--ibc-path = $ibc_path"
echo "--ibc-ini = $ini"
echo "--mode = $mode"
echo "--java-path = $java_path"
echo

[ -n "$version" ] || refuse 2 'TWS major version number has not been supplied'
[ -n "$settings" ] || settings=$tws_path
place=$tws_path/ibgateway/$version options=ibgateway.vmoptions
[ "$program" = Gateway ] || place=$tws_path/$version options=tws.vmoptions
[ -e "$settings" ] || refuse 5 "TWS settings path: $settings does not exist"
[ -e "$place/jars" ] ||
	refuse 4 "Offline TWS/Gateway version $version is not installed: can't find jars folder"
[ -e "$ibc_path" ] || refuse 5 "IBC path: $ibc_path does not exist"
[ -e "$ini" ] || refuse 6 "IBC configuration file: $ini  does not exist"
[ -e "$place/$options" ] ||
	refuse 7 'Neither tws.vmoptions nor ibgateway.vmoptions could be found'
[ -z "$java_path" ] || [ -e "$java_path/java" ] ||
	refuse 1 "Java installaton at $java_path/java does not exist"

find_token() {
	token='' again=''
	echo 'Finding autorestart file'
	# Without quotes, and a link is not followed, as in the real one.
	# shellcheck disable=SC2086
	found=$(find $settings -mindepth 2 -maxdepth 2 -type f -name autorestart)
	files=()
	[ -z "$found" ] || mapfile -t files <<<"$found"
	case ${#files[@]} in
		0) echo 'autorestart file not found: full authentication will be required' ;;
		1)
			echo "autorestart file found at ${files[0]}: authentication will not be required"
			token=$(basename "$(dirname "${files[0]}")") again=yes
			echo "AUTORESTART_OPTION is -Drestart=$token"
			;;
		*)
			echo "WARNING: deleting extra autorestart files: ${files[*]}"
			rm "${files[@]}"
			again=yes
			;;
	esac
}
find_token
echo

echo 'Determining the location of java executable'
for file in "$place/.install4j/pref_jre.cfg" "$place/.install4j/inst_jre.cfg"; do
	if [ -z "$java_path" ] && [ -e "$file" ]; then
		read -r found <"$file"
		[ ! -e "$found/bin/java" ] || java_path=$found/bin
	fi
done
[ -n "$java_path" ] || java_path=$(dirname "$(type -p java)")
[ -e "$java_path/java" ] || refuse 1 "Can't find suitable Java installation"
echo "Location of java executable=$java_path"
echo

session=$(mktemp -u XXXXXXXX)
cd "$settings" || exit
echo "Renaming IB's TWS or Gateway start script to prevent restart without IBC"
for script in tws ibgateway; do
	[ ! -e "$place/$script" ] || mv "$place/$script" "$place/${script}1"
done
echo

flags=()
[ "$program" = Gateway ] || flags=(--tws)
# What it prints of its command is what matters: how much that is.
access=''
for name in opens=java.base/java.util opens=java.base/java.util.concurrent exports=java.base/sun.util \
	exports=java.desktop/com.sun.java.swing.plaf.motif opens=java.desktop/java.awt opens=java.desktop/java.awt.dnd \
	opens=java.desktop/javax.swing opens=java.desktop/javax.swing.event opens=java.desktop/javax.swing.plaf.basic \
	opens=java.desktop/javax.swing.table opens=java.desktop/sun.awt exports=java.desktop/sun.awt.X11 \
	exports=java.desktop/sun.swing opens=javafx.graphics/com.sun.javafx.application \
	exports=javafx.media/com.sun.media.jfxmedia exports=javafx.media/com.sun.media.jfxmedia.events \
	exports=javafx.media/com.sun.media.jfxmedia.locator exports=javafx.media/com.sun.media.jfxmediaimpl \
	exports=javafx.web/com.sun.javafx.webkit opens=jdk.management/com.sun.management.internal; do
	access="$access --add-$name=ALL-UNNAMED"
done

words=("$ini")
[ -z "$user$password" ] || words+=("$user" "$password")
[ -z "$mode" ] || words+=("$mode")
while :; do
	restart=()
	[ -z "$token" ] || restart=(--restart "$token")
	echo "Starting $program with this command:"
	echo "\"$java_path/java\"$access -cp \"$(echo "$place"/jars/*.jar)\" -DjtsConfigDir=$settings -Dibcsessionid=$session ${token:+-Drestart=$token }ibcalpha.ibc.IbcGateway \"$ini\" $mode"
	echo
	trap 'kill -TERM "$player"' TERM INT
	"$standin" ibc-play --layout "$layout" --settings "$settings" --session "$session" "${restart[@]}" "${flags[@]}" \
		-- "${words[@]}" 2>/dev/null &
	player=$!
	wait "$player"
	trap - TERM INT
	wait "$player"
	status=$?
	echo "IBC returned exit status $status"

	if [ "$status" -eq 88 ]; then
		: # The login window did not come, which is tried again in every case.
	elif [ -e "$settings/COLDRESTART$session" ]; then
		rm "$settings/COLDRESTART$session"
		token=''
		echo 'IBC will cold-restart shortly'
	else
		find_token
		if [ -n "$again" ]; then
			if [ -e "$settings/PAUSE$session" ]; then
				rm "$settings/PAUSE$session"
				echo 'IBC is paused'
				break
			fi
		elif [ "$status" -ne 87 ] || [ "${on_timeout,,}" != restart ]; then
			break
		fi
	fi
	echo 'IBC will restart shortly'
	echo 'sleep 2'
done
echo "$program finished"
echo
exit "$status"
