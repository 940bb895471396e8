package io.meshwork.internal.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.governance.Audit.Checkpoint;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A stored checkpoint. Immutable. */
final class SignedCheckpoint implements Checkpoint {
  private static final String SIGNATURE = "signature";
  private static final String FIX =
      "Use the checkpoint as it was stored, and the public key of its signer.";

  private final ObjectNode json;
  private final SignedContent content;

  private SignedCheckpoint(ObjectNode json) {
    this.json = json;
    this.content = DocumentCodec.of(SignedContent.class).read(json);
  }

  /** The content without the signature. */
  private record SignedContent(
      String algorithm,
      Instant at,
      Optional<String> previous,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<Head> heads) {}

  /**
   * The end of a log.
   *
   * @param log the partition whose log it is
   * @param sequence of the last entry
   * @param hash of the last entry
   */
  record Head(String log, long sequence, String hash) {}

  /**
   * Signs the ends of logs.
   *
   * @param at when the logs were read
   * @param heads the end of each log
   * @param before the previous checkpoint, whose digest is included; empty for the first
   * @param key a private key of {@link #ALGORITHM}
   * @throws InvalidRequestException if the key is of another algorithm
   */
  static SignedCheckpoint signed(
      Instant at, List<Head> heads, Optional<Checkpoint> before, PrivateKey key) {
    ObjectNode json =
        DocumentCodec.of(SignedContent.class)
            .write(
                new SignedContent(ALGORITHM, at, before.map(Checkpoint::digest), heads),
                Optional.empty());
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(content(json));
      json.put(SIGNATURE, HexFormat.of().formatHex(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw rejected(
          Verb.CREATE,
          "the key is of " + key.getAlgorithm() + ", and checkpoints are signed with " + ALGORITHM,
          "Create one with Checkpoint.newKeys().");
    }
    return new SignedCheckpoint(json);
  }

  /**
   * Reads the text that {@link #toJson} returned, without checking the signature.
   *
   * @throws InvalidRequestException if the text is not a checkpoint, or has an unknown algorithm or
   *     format
   */
  static SignedCheckpoint fromJson(String text) {
    String stripped = ArgumentChecks.required("checkpoint", text).strip();
    try {
      ObjectNode json = DocumentJson.parseObject("a checkpoint", stripped);
      if (!json.path("heads").isArray() || !json.path(SIGNATURE).isTextual()) {
        throw rejected(Verb.READ, "the text is not a checkpoint", FIX);
      }
      if (json.path("format").asInt() != DocumentJson.FORMAT) {
        throw rejected(
            Verb.READ,
            "its format is newer than this version of Meshwork",
            "Use a newer version of Meshwork.");
      }
      if (!json.path("algorithm").asText().equals(ALGORITHM)) {
        throw rejected(Verb.READ, "it is not signed with " + ALGORITHM, FIX);
      }
      SignedCheckpoint read = new SignedCheckpoint(json);
      if (!read.toJson().equals(stripped)) {
        throw rejected(Verb.READ, "its text was modified", FIX);
      }
      return read;
    } catch (BackendException | DateTimeException e) {
      // The message does not quote the text.
      throw rejected(Verb.READ, "the text is not a checkpoint", FIX);
    }
  }

  /**
   * Verifies that the holder of the private key signed exactly this.
   *
   * @throws InvalidRequestException if not, or if the key is of another kind
   */
  void requireSignedBy(PublicKey key) {
    boolean genuine;
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      try {
        signature.initVerify(key);
      } catch (InvalidKeyException e) {
        throw rejected(
            Verb.VERIFY,
            "the key is of "
                + key.getAlgorithm()
                + ", and checkpoints are signed with "
                + ALGORITHM,
            FIX);
      }
      signature.update(content(json));
      String written = json.path(SIGNATURE).asText();
      byte[] bytes = HexFormat.of().parseHex(written);
      genuine = HexFormat.of().formatHex(bytes).equals(written) && signature.verify(bytes);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      genuine = false;
    }
    if (!genuine) {
      throw rejected(
          Verb.VERIFY,
          "its signature does not match the key and its content, so it was modified or signed with"
              + " another key",
          FIX);
    }
  }

  @Override
  public Instant at() {
    return content.at();
  }

  List<Head> heads() {
    return content.heads();
  }

  @Override
  public List<String> logs() {
    return heads().stream().map(Head::log).toList();
  }

  @Override
  public Optional<String> previous() {
    return content.previous();
  }

  @Override
  public String digest() {
    return DocumentJson.hash(json);
  }

  @Override
  public String toJson() {
    return DocumentJson.write(json);
  }

  @Override
  public String toString() {
    return "checkpoint of " + at() + " over " + heads().size() + " logs, " + digest();
  }

  private static byte[] content(ObjectNode json) {
    ObjectNode content = json.deepCopy();
    content.remove(SIGNATURE);
    return DocumentJson.write(content).getBytes(StandardCharsets.UTF_8);
  }

  static InvalidRequestException rejected(Verb verb, String reason, String fix) {
    return Failure.of(MeshAction.of(verb, "a checkpoint"))
        .because(reason)
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
