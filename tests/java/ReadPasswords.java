// Reads config.ini files as IBC does: java.util.Properties, then trim(). Prints IbPassword of each, one a line, in
// base64 of UTF-8, since a password may hold anything.
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Properties;

class ReadPasswords {
    public static void main(String[] files) throws Exception {
        StringBuilder passwords = new StringBuilder();
        for (String file : Files.readAllLines(Path.of(files[0]))) {
            Properties properties = new Properties();
            try (InputStream in = Files.newInputStream(Path.of(file))) {
                properties.load(in);
            }
            byte[] password = properties.getProperty("IbPassword").trim().getBytes(StandardCharsets.UTF_8);
            passwords.append(Base64.getEncoder().encodeToString(password)).append('\n');
        }
        System.out.print(passwords);
    }
}
