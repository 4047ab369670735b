import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs as the Gateway does, much more of it: java Flood.java MARKER.
 *
 * <p>Cookies at INFO and the session's key at DEBUG, as build a27ed42 has them, and 24 MB of warnings, with pauses: under
 * load logback looks at a file's size only every 100 ms or so (DefaultInvocationGate).
 */
class Flood {
    public static void main(String[] arguments) throws InterruptedException {
        Logger logger = LoggerFactory.getLogger("ibgroup.web.core.clientportal.gw.Flood");
        String line = "x".repeat(8192);
        for (int burst = 0; burst < 48; burst++) {
            logger.info("set cookies [XYZAB={}]", arguments[0]);
            logger.debug("K {}", arguments[0]);
            for (int count = 0; count < 64; count++) {
                logger.warn("upstream is gone {}", line);
            }
            Thread.sleep(25);
        }
        // Waits for whatever is being removed.
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
