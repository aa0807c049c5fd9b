import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;

/**
 * The broker's side of MSK IAM, as far as it can be had without AWS: the token is a presigned URL whose SigV4 signature is computed
 * again with the one secret key this cluster knows. Policies are not evaluated; the principal is the access key's id.
 */
public final class IamTokenValidator implements AuthenticateCallbackHandler {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter AMZ_DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final long LONGEST_VALIDITY_SEC = 900;
    private static final long CLOCK_SKEW_SEC = 60;
    private static final Set<String> SIGNED = Set.of("Action", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date",
            "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Security-Token");

    private String region;
    private String accessKeyId;
    private String secretAccessKey;

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        Map<String, ?> options = entries.get(0).getOptions();
        region = (String) options.get("region");
        accessKeyId = (String) options.get("accessKeyId");
        secretAccessKey = (String) options.get("secretAccessKey");
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerValidatorCallback asked) {
                answer(asked);
            } else if (callback instanceof OAuthBearerTokenCallback own) {
                // A broker that never connects as a client needs no token of its own.
                own.token(null);
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    @Override
    public void close() {
    }

    private void answer(OAuthBearerValidatorCallback asked) {
        try {
            asked.token(validated(asked.tokenValue()));
        } catch (Exception refused) {
            asked.error("invalid_token", null, null);
        }
    }

    private OAuthBearerToken validated(String token) throws Exception {
        URI url = new URI(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
        String host = "kafka." + region + ".amazonaws.com";
        demand("https".equals(url.getScheme()) && host.equals(url.getAuthority()) && "/".equals(url.getPath()), "address");
        Map<String, String> query = parse(url.getRawQuery());
        String signature = query.remove("X-Amz-Signature");
        query.remove("User-Agent");
        demand(SIGNED.containsAll(query.keySet()), "a parameter that is not known");
        demand("kafka-cluster:Connect".equals(query.get("Action")), "action");
        demand(ALGORITHM.equals(query.get("X-Amz-Algorithm")), "algorithm");
        demand("host".equals(query.get("X-Amz-SignedHeaders")), "signed headers");
        String date = query.get("X-Amz-Date");
        String scope = date.substring(0, 8) + "/" + region + "/kafka-cluster/aws4_request";
        demand((accessKeyId + "/" + scope).equals(query.get("X-Amz-Credential")), "credential");
        byte[] expected = sign(host, query, date, scope).getBytes(StandardCharsets.US_ASCII);
        demand(MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.US_ASCII)), "signature");
        return inItsTime(token, Instant.from(AMZ_DATE.parse(date)), Long.parseLong(query.get("X-Amz-Expires")));
    }

    private OAuthBearerToken inItsTime(String token, Instant signedAt, long validitySec) {
        demand(validitySec >= 1 && validitySec <= LONGEST_VALIDITY_SEC, "validity");
        Instant now = Instant.now();
        Instant end = signedAt.plusSeconds(validitySec);
        demand(!now.isBefore(signedAt.minusSeconds(CLOCK_SKEW_SEC)) && now.isBefore(end), "expired");
        return new Token(token, Set.of(), end.toEpochMilli(), accessKeyId, signedAt.toEpochMilli());
    }

    private String sign(String host, Map<String, String> query, String date, String scope) throws Exception {
        StringBuilder canonicalQuery = new StringBuilder();
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            if (canonicalQuery.length() > 0) canonicalQuery.append('&');
            canonicalQuery.append(escape(parameter.getKey())).append('=').append(escape(parameter.getValue()));
        }
        String canonical = "GET\n/\n" + canonicalQuery + "\nhost:" + host + "\n\nhost\n" + sha256("");
        String toSign = ALGORITHM + "\n" + date + "\n" + scope + "\n" + sha256(canonical);
        byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) key = hmac(key, part);
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    /** Sorted by name, as the signature wants it; a name given twice is refused. */
    private static Map<String, String> parse(String rawQuery) {
        Map<String, String> query = new TreeMap<>();
        for (String parameter : rawQuery.split("&")) {
            String[] parts = parameter.split("=", 2);
            String name = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
            demand(query.put(name, URLDecoder.decode(parts[1], StandardCharsets.UTF_8)) == null, "a name twice");
        }
        return query;
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void demand(boolean holds, String what) {
        if (!holds) throw new IllegalArgumentException(what);
    }

    private record Token(String value, Set<String> scope, long lifetimeMs, String principalName, Long startTimeMs)
            implements OAuthBearerToken {
    }
}
