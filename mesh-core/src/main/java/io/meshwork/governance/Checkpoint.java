package io.meshwork.governance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where each log of a mesh ended at a time, signed. Kept outside of the registry, where nobody who
 * writes there can reach it, it proves later that nothing was cut off, rewritten or taken away.
 * Immutable.
 */
public final class Checkpoint {
  /** The one algorithm that is signed with. */
  public static final String ALGORITHM = "Ed25519";

  private static final String SIGNATURE = "signature";
  private static final String MEND =
      "Take the checkpoint from where it was kept, and the public key of who signed it.";

  private final ObjectNode json;
  private final Instant at;
  private final List<Head> heads;

  private Checkpoint(ObjectNode json, Instant at, List<Head> heads) {
    this.json = json;
    this.at = at;
    this.heads = List.copyOf(heads);
  }

  /**
   * The end of a log.
   *
   * @param log the partition whose log it is
   * @param sequence of the last entry
   * @param hash of the last entry
   */
  public record Head(String log, long sequence, String hash) {}

  /**
   * New keys to sign with; keep the private one where only who makes checkpoints reads it. Others
   * of the same algorithm do as well.
   */
  public static KeyPair newKeys() {
    try {
      return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform since 15 has " + ALGORITHM, e);
    }
  }

  /**
   * Signs the ends of logs.
   *
   * @param at when the logs were read
   * @param heads the end of each log
   * @param before the checkpoint before this one, whose digest is included; empty for the first
   * @param key a private key of {@link #ALGORITHM}
   * @throws InvalidRequestException if the key is of another algorithm
   */
  public static Checkpoint signed(
      Instant at, List<Head> heads, Optional<Checkpoint> before, PrivateKey key) {
    ObjectNode json = DocumentJson.create().put("algorithm", ALGORITHM).put("at", at.toString());
    before.ifPresent(previous -> json.put("previous", previous.digest()));
    ArrayNode array = json.putArray("heads");
    for (Head head : heads) {
      array
          .addObject()
          .put("log", head.log())
          .put("sequence", head.sequence())
          .put("hash", head.hash());
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(content(json));
      json.put(SIGNATURE, HexFormat.of().formatHex(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw refused(
          "make",
          "the key is of " + key.getAlgorithm() + ", and checkpoints are signed with " + ALGORITHM,
          "Make one with newKeys().");
    }
    return new Checkpoint(json, at, heads);
  }

  /**
   * Reads what {@link #toJson} gave. Nothing is proved by that: its signature is checked by {@code
   * audit().verify(..)}.
   *
   * @throws InvalidRequestException if it is no such text, or of an algorithm or a format that is
   *     not known
   */
  public static Checkpoint fromJson(String text) {
    String given = ArgumentChecks.required("checkpoint", text).strip();
    try {
      ObjectNode json = DocumentJson.parseObject("a checkpoint", given);
      if (!json.path("heads").isArray() || !json.path(SIGNATURE).isTextual()) {
        throw refused("read", "it is no checkpoint", MEND);
      }
      if (json.path("format").asInt() != DocumentJson.FORMAT) {
        throw refused("read", "its format is not known", "Use a newer version of Meshwork.");
      }
      if (!json.path("algorithm").asText().equals(ALGORITHM)) {
        throw refused("read", "it is not signed with " + ALGORITHM, MEND);
      }
      List<Head> heads = new ArrayList<>();
      for (JsonNode head : json.path("heads")) {
        heads.add(
            new Head(
                head.path("log").asText(),
                head.path("sequence").asLong(),
                head.path("hash").asText()));
      }
      Checkpoint read = new Checkpoint(json, Instant.parse(json.path("at").asText()), heads);
      if (!read.toJson().equals(given)) {
        throw refused("read", "it is not written as checkpoints are", MEND);
      }
      return read;
    } catch (BackendException | DateTimeException e) {
      // What was read is not quoted.
      throw refused("read", "it is no checkpoint", MEND);
    }
  }

  /**
   * Verifies that the holder of the private key signed exactly this.
   *
   * @throws InvalidRequestException if not, or if the key is of another kind
   */
  public void requireSignedBy(PublicKey key) {
    boolean genuine;
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      try {
        signature.initVerify(key);
      } catch (InvalidKeyException e) {
        throw refused(
            "verify against",
            "the key is of "
                + key.getAlgorithm()
                + ", and checkpoints are signed with "
                + ALGORITHM,
            MEND);
      }
      signature.update(content(json));
      String written = json.path(SIGNATURE).asText();
      byte[] bytes = HexFormat.of().parseHex(written);
      genuine = HexFormat.of().formatHex(bytes).equals(written) && signature.verify(bytes);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      genuine = false;
    }
    if (!genuine) {
      throw refused(
          "verify against",
          "its signature is not that of this key over what it says, so it was altered or is of"
              + " somebody else",
          MEND);
    }
  }

  /** When it was made, by the mesh's clock. */
  public Instant at() {
    return at;
  }

  /** The ends of all logs that had entries. */
  public List<Head> heads() {
    return heads;
  }

  /** The digest of the checkpoint before it; empty for the first. */
  public Optional<String> previous() {
    return Optional.ofNullable(json.path("previous").textValue());
  }

  /** SHA-256 of it, which the next one repeats; as lower-case hexadecimal. */
  public String digest() {
    return DocumentJson.hash(json);
  }

  /** It as one line of JSON, to be kept elsewhere. */
  public String toJson() {
    return DocumentJson.write(json);
  }

  /** When, how many logs, and the digest. */
  @Override
  public String toString() {
    return "checkpoint of " + at + " over " + heads.size() + " logs, " + digest();
  }

  private static byte[] content(ObjectNode json) {
    ObjectNode content = json.deepCopy();
    content.remove(SIGNATURE);
    return DocumentJson.write(content).getBytes(StandardCharsets.UTF_8);
  }

  static InvalidRequestException refused(String what, String why, String fix) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot " + what + " a checkpoint: " + why + ". Nothing was changed. " + fix);
  }
}
