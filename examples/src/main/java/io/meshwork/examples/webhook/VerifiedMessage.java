package io.meshwork.examples.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A message whose signature is the one of Standard Webhooks, version 1.
 *
 * @param id the same each time the message is sent
 * @param data the notice
 */
record VerifiedMessage(String id, JsonNode data) {
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns the message, or nothing if it is old or somebody without the secret sent it. */
  static Optional<VerifiedMessage> of(
      String secret, String id, String timestamp, String signatures, String body, Instant now)
      throws GeneralSecurityException, IOException {
    Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (Duration.between(sent, now).abs().compareTo(TOLERANCE) > 0) {
      return Optional.empty();
    }
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    byte[] signed = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
    byte[] expected =
        ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed)))
            .getBytes(StandardCharsets.UTF_8);
    for (String signature : signatures.split(" ", -1)) {
      if (MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8))) {
        return Optional.of(new VerifiedMessage(id, JSON.readTree(body).path("data")));
      }
    }
    return Optional.empty();
  }
}
