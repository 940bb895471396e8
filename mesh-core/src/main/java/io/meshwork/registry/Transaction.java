package io.meshwork.registry;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.registry.Registry.Key;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes to make together, under an attempt's id that is never used again. All puts and deletes
 * lie in partitions of one writing domain; checks may lie anywhere. One action a key, each with the
 * version it expects: there are no blind writes. Whoever builds one with {@link #of} gets a legal
 * one, so every backend enforces the same limits.
 *
 * <p>Rows of attempts belong to the registry, which alone writes them. They may be deleted once
 * they are as old as {@link #ATTEMPTS_STAY}, by the times in both ids: until then a late delivery
 * of the attempt could still do what was called off.
 *
 * @param attemptId the id of the attempt, a UUID that begins with its time
 * @param actions at least one put or delete
 */
public record Transaction(String attemptId, List<Action> actions) {
  /** The expected version of a key that must not be there. */
  public static final String ABSENT = "absent";

  /** Most actions of one transaction. */
  public static final int MAX_ACTIONS = 90;

  /** Most bytes of all keys and documents of one transaction, as UTF-8. */
  public static final int MAX_BYTES = 3 << 20;

  /** Most bytes of one document, as UTF-8. */
  public static final int MAX_DOCUMENT_BYTES = 350 * 1024;

  /** How much older the id of an attempt must be than a transaction's that deletes its row. */
  public static final Duration ATTEMPTS_STAY = Duration.ofDays(30);

  /** Checks every rule of a legal transaction. */
  public Transaction {
    actions = List.copyOf(actions);
    if (attemptId.isBlank()) {
      throw refused(ErrorCode.INVALID_ARGUMENT, "its attempt id is blank");
    }
    if (actions.size() > MAX_ACTIONS) {
      throw refused(
          ErrorCode.LIMIT_EXCEEDED,
          "it has " + actions.size() + " actions and the limit is " + MAX_ACTIONS);
    }
    Key first = null;
    long bytes = 0;
    Set<Key> seen = new HashSet<>();
    for (Action action : actions) {
      Key key = action.key();
      if (!seen.add(key)) {
        throw refused(ErrorCode.INVALID_ARGUMENT, "it names the key '" + key + "' twice");
      }
      if (key.sort().startsWith(Registry.ATTEMPT_PREFIX)) {
        checkAttempt(action, attemptId);
      }
      bytes += key.partition().length() + key.sort().length();
      if (action.json() != null) {
        int size = utf8Length(action.json());
        if (size > MAX_DOCUMENT_BYTES) {
          throw refused(
              ErrorCode.LIMIT_EXCEEDED,
              "the document of '"
                  + key
                  + "' has "
                  + size
                  + " bytes and the limit is "
                  + MAX_DOCUMENT_BYTES);
        }
        bytes += size;
      }
      if (action.kind() != Kind.CHECK) {
        if (first == null) {
          first = key;
        } else if (!first.writingDomain().equals(key.writingDomain())) {
          throw refused(
              ErrorCode.INVALID_ARGUMENT,
              "it writes for two domains, '"
                  + first.writingDomain()
                  + "' and '"
                  + key.writingDomain()
                  + "'; only checks may lie elsewhere");
        }
      }
    }
    if (first == null) {
      throw refused(ErrorCode.INVALID_ARGUMENT, "it holds no put and no delete");
    }
    if (bytes > MAX_BYTES) {
      throw refused(
          ErrorCode.LIMIT_EXCEEDED, "it has " + bytes + " bytes and the limit is " + MAX_BYTES);
    }
  }

  /** Starts a transaction under an attempt's id. */
  public static Builder attempt(String attemptId) {
    return new Builder(attemptId);
  }

  /** The partition in which the attempt's own row is written: that of the first put or delete. */
  public String partition() {
    return actions.stream()
        .filter(action -> action.kind() != Kind.CHECK)
        .findFirst()
        .orElseThrow()
        .key()
        .partition();
  }

  /**
   * One change or check.
   *
   * @param kind what is done
   * @param key with what
   * @param json the new content of a put; null otherwise
   * @param expectedVersion the version the key must have, or {@link #ABSENT}
   */
  public record Action(Kind kind, Key key, @Nullable String json, String expectedVersion) {
    /** Checks that a put has a document and nothing else has, and that deletes expect a version. */
    public Action {
      if ((kind == Kind.PUT) != (json != null)) {
        throw refused(
            ErrorCode.INVALID_ARGUMENT,
            kind + " of '" + key + "' " + (json == null ? "has no document" : "has a document"));
      }
      if (kind == Kind.DELETE && expectedVersion.equals(ABSENT)) {
        throw refused(
            ErrorCode.INVALID_ARGUMENT, "it deletes '" + key + "', which it expects to be absent");
      }
    }
  }

  /** What is done with a key. */
  public enum Kind {
    /** Writes a document. */
    PUT,
    /** Removes a document. */
    DELETE,
    /** Only checks the version. */
    CHECK
  }

  /** Collects actions; {@link #build()} checks them. Not thread-safe. */
  public static final class Builder {
    private final String attemptId;
    private final List<Action> actions = new ArrayList<>();

    private Builder(String attemptId) {
      this.attemptId = attemptId;
    }

    /** Writes a document where there must be none. */
    public Builder insert(Key key, String json) {
      actions.add(new Action(Kind.PUT, key, json, ABSENT));
      return this;
    }

    /** Writes a document over the version that was read. */
    public Builder replace(Key key, String json, String expectedVersion) {
      actions.add(new Action(Kind.PUT, key, json, expectedVersion));
      return this;
    }

    /** Removes the version that was read. */
    public Builder delete(Key key, String expectedVersion) {
      actions.add(new Action(Kind.DELETE, key, null, expectedVersion));
      return this;
    }

    /** Checks that a document still has the version that was read. */
    public Builder check(Key key, String expectedVersion) {
      actions.add(new Action(Kind.CHECK, key, null, expectedVersion));
      return this;
    }

    /** Checks that a key is not there. */
    public Builder checkAbsent(Key key) {
      return check(key, ABSENT);
    }

    /** The transaction, if it is legal. */
    public Transaction build() {
      return new Transaction(attemptId, actions);
    }
  }

  private static void checkAttempt(Action action, String attemptId) {
    if (action.kind() == Kind.PUT) {
      throw refused(
          ErrorCode.INVALID_ARGUMENT,
          "it writes '" + action.key() + "', and rows of attempts belong to the registry");
    }
    String row = action.key().sort().substring(Registry.ATTEMPT_PREFIX.length());
    if (action.kind() == Kind.DELETE
        && millisOf(attemptId) - millisOf(row) < ATTEMPTS_STAY.toMillis()) {
      throw refused(
          ErrorCode.INVALID_ARGUMENT,
          "it deletes '"
              + action.key()
              + "', and the row of an attempt stays for "
              + ATTEMPTS_STAY.toDays()
              + " days by the times in both ids");
    }
  }

  private static long millisOf(String id) {
    UUID uuid;
    try {
      uuid = UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw ageless();
    }
    // Version 8 is what becomes of a version 7 that is marked, with the same time.
    if (uuid.version() != 7 && uuid.version() != 8) {
      throw ageless();
    }
    return uuid.getMostSignificantBits() >>> 16;
  }

  private static InvalidRequestException ageless() {
    return refused(
        ErrorCode.INVALID_ARGUMENT,
        "it deletes the row of an attempt, and one of both ids is no UUIDv7 that tells its age");
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static InvalidRequestException refused(ErrorCode code, String why) {
    return new InvalidRequestException(
        code,
        "Cannot make a registry transaction: "
            + why
            + ". Split or mend what is written; see the limits on Transaction.");
  }
}
