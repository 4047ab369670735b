import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.bouncycastle.openpgp.PGPCompressedData;
import org.bouncycastle.openpgp.PGPEncryptedDataList;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPOnePassSignature;
import org.bouncycastle.openpgp.PGPOnePassSignatureList;
import org.bouncycastle.openpgp.PGPPublicKeyEncryptedData;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.bc.BcPGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.bc.BcPGPSecretKeyRingCollection;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyDataDecryptorFactory;

/**
 * Receives payloads as a Java service would: java Receiver.java FOLDER...
 *
 * <p>A folder has payload (base64), recipient (a secret key without passphrase) and signer (a public key). For each of
 * them one line of JSON per mood: text is base64, and an error is the name of the exception. The naive mood casts what is
 * inside the encrypted data to PGPCompressedData without looking, as the sample does that is copied everywhere
 * (org.bouncycastle.openpgp.examples.KeyBasedFileProcessor before 1.6x).
 */
class Receiver {
    public static void main(String[] folders) throws Exception {
        for (String folder : folders) {
            for (boolean naive : new boolean[] {false, true}) {
                System.out.println(answer(Path.of(folder), naive));
            }
        }
    }

    private static String answer(Path folder, boolean naive) {
        String what = String.format("\"folder\":\"%s\",\"naive\":%s", folder.getFileName(), naive);
        try {
            return "{" + what + "," + receive(folder, naive) + ",\"error\":null}";
        } catch (Exception error) {
            return "{" + what + ",\"error\":\"" + error.getClass().getSimpleName() + "\"}";
        }
    }

    private static String receive(Path folder, boolean naive) throws Exception {
        // The strict decoder: no line breaks, no other alphabet.
        String payload = Files.readString(folder.resolve("payload"), StandardCharsets.US_ASCII);
        byte[] message = Base64.getDecoder().decode(payload);
        var recipient = new BcPGPSecretKeyRingCollection(key(folder, "recipient"));
        var signer = new BcPGPPublicKeyRingCollection(key(folder, "signer"));

        var outer = (PGPEncryptedDataList) new BcPGPObjectFactory(message).nextObject();
        var encrypted = (PGPPublicKeyEncryptedData) outer.get(0);
        PGPSecretKey secret = recipient.getSecretKey(encrypted.getKeyID());
        var decryptor = new BcPublicKeyDataDecryptorFactory(secret.extractPrivateKey(null));
        InputStream clear = encrypted.getDataStream(decryptor);

        var inner = new BcPGPObjectFactory(clear);
        Object next = inner.nextObject();
        boolean compressed = next instanceof PGPCompressedData;
        if (naive || compressed) {
            inner = new BcPGPObjectFactory(((PGPCompressedData) next).getDataStream());
            next = inner.nextObject();
        }
        var ahead = (PGPOnePassSignatureList) next;

        PGPOnePassSignature signature = ahead.get(0);
        signature.init(new BcPGPContentVerifierBuilderProvider(), signer.getPublicKey(signature.getKeyID()));
        byte[] text = ((PGPLiteralData) inner.nextObject()).getInputStream().readAllBytes();
        signature.update(text);
        boolean signed = signature.verify(((PGPSignatureList) inner.nextObject()).get(0));
        clear.readAllBytes();
        boolean intact = encrypted.isIntegrityProtected() && encrypted.verify();
        return String.format(
                "\"text\":\"%s\",\"signed\":%s,\"intact\":%s,\"compressed\":%s",
                Base64.getEncoder().encodeToString(text), signed, intact, compressed);
    }

    private static InputStream key(Path folder, String name) throws Exception {
        return PGPUtil.getDecoderStream(new ByteArrayInputStream(Files.readAllBytes(folder.resolve(name))));
    }
}
