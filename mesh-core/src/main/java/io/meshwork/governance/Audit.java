package io.meshwork.governance;

import io.meshwork.error.Finding;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Queries who did what, and when: every change in the logs of the mesh, each entry chained to the
 * previous one. Restrict the query, then call {@link #list}, {@link #exportTo}, or {@link #verify}.
 *
 * <p>An account that acts for a domain sees all entries about that domain and its products, and all
 * entries of the domain's accounts. All accounts see the log of the mesh. Entries contain no field
 * values; row filters appear as hashes.
 *
 * <p>Immutable: each restriction returns a new query. Thread-safe.
 */
public interface Audit {
  /** The default of {@link #limit}. */
  int DEFAULT_LIMIT = 1_000;

  /**
   * Only entries about a product ({@code domain/product}), a domain with its products, or the mesh
   * ({@code _mesh}). Grants by tags are entries about the domain. Default: all that the caller may
   * see.
   */
  Audit subject(CharSequence productOrDomain);

  /** Only actions and denials of this principal. Default: all principals. */
  Audit principal(Principal principal);

  /** Only from this time, inclusive, by the mesh's clock. Default: no limit. */
  Audit since(Instant time);

  /** Only before this time, exclusive. Default: no limit. */
  Audit until(Instant time);

  /**
   * Only these actions, such as {@code grant.made}, or all that begin with a word, such as {@code
   * grant}. Default: all.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such action; the message names the
   *     nearest
   */
  Audit kinds(String... kinds);

  /** The most entries that {@link #list} returns, at least 1. Default: {@link #DEFAULT_LIMIT}. */
  Audit limit(int entries);

  /**
   * The matching entries, newest first, up to {@link #limit}. Reads the logs from their ends.
   *
   * @throws io.meshwork.error.AccessDeniedException if {@link #subject} names a domain that the
   *     caller does not act for, and {@link #principal} does not name one of the caller's accounts
   * @throws io.meshwork.error.NotFoundException if the product or domain does not exist
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  List<Entry> list();

  /**
   * Writes all matching entries, oldest first, each as one line of JSON with the fields of {@link
   * Entry}. Details with several values or fields are JSON arrays and objects. Streams the entries;
   * entries that are committed during the export are omitted.
   *
   * @throws IOException if writing fails
   * @throws io.meshwork.error.MeshException as {@link #list}
   */
  void exportTo(Appendable out) throws IOException;

  /**
   * Verifies the logs that {@link #subject} names, by default all of the mesh: that no entry was
   * altered, removed, inserted, or moved, that documents match their log, and that archived parts
   * are unchanged. Reports the first broken link of each log, by partition and sequence. A log that
   * was truncated together with everything that refers to it, or rewritten as a whole, is only
   * detected with a checkpoint that is stored elsewhere. Any account may call it: findings contain
   * only names.
   *
   * @return the findings; empty if there are none
   * @throws io.meshwork.error.NotFoundException if the product or domain does not exist
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  List<Finding> verify();

  /**
   * Signs where all logs of the mesh end now, regardless of the query. Store the checkpoint where
   * writers of the registry cannot change it. It proves nothing about earlier changes: call {@link
   * #verify()} first. Any account may call it.
   *
   * @param signer a private key of {@link Checkpoint#ALGORITHM}
   * @throws io.meshwork.error.InvalidRequestException if the key has another algorithm
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  Checkpoint checkpoint(PrivateKey signer);

  /**
   * Signs a checkpoint that contains the digest of the previous one, so that none can be removed
   * from their sequence. Checks that each log still has the last entry of the previous checkpoint,
   * so that a log that was truncated or rewritten since is not signed. Other entries are not
   * checked.
   *
   * @param before the previous checkpoint; its signature is not verified here
   * @throws io.meshwork.error.InvalidRequestException if the key has another algorithm, or a log no
   *     longer has the last entry of {@code before}; the message names the log
   */
  Checkpoint checkpoint(PrivateKey signer, Checkpoint before);

  /**
   * Reads the text that {@link Checkpoint#toJson} returned. Does not check the signature; {@link
   * #verify(Checkpoint, PublicKey)} does.
   *
   * @throws io.meshwork.error.InvalidRequestException if the text is not a checkpoint, or has an
   *     unknown algorithm or format
   */
  Checkpoint readCheckpoint(String json);

  /**
   * Verifies all logs of the mesh as {@link #verify()} does, and that none was truncated,
   * rewritten, or removed since a checkpoint. Any account may call it.
   *
   * @param key the public key of the signer
   * @return the findings; empty if there are none
   * @throws io.meshwork.error.InvalidRequestException if the checkpoint was altered, or signed with
   *     another key
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  List<Finding> verify(Checkpoint checkpoint, PublicKey key);

  /**
   * The signed ends of all logs of a mesh at a point in time. Store it outside the registry, where
   * writers of the registry cannot change it: it proves later that no log entry was truncated,
   * modified, or removed. Immutable. {@code toString()} has the time, the number of logs, and the
   * digest.
   */
  interface Checkpoint {
    /** The signature algorithm. */
    String ALGORITHM = "Ed25519";

    /**
     * Creates a key pair for signing. Store the private key where only the program that creates
     * checkpoints can read it. You can also use your own keys of the same algorithm.
     */
    static KeyPair newKeys() {
      try {
        return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Every Java platform since 15 has " + ALGORITHM, e);
      }
    }

    /** Returns the creation time, by the mesh's clock. */
    Instant at();

    /** Returns the partitions whose logs had entries. */
    List<String> logs();

    /** Returns the digest of the previous checkpoint; empty for the first. */
    Optional<String> previous();

    /** Returns its SHA-256 as lower-case hexadecimal; the next checkpoint contains it. */
    String digest();

    /** Returns it as one line of JSON. */
    String toJson();
  }

  /** The outcome of an action. */
  enum Outcome {
    /** The action was done. */
    DONE,
    /** A decider denied a request. */
    REFUSED,
    /** Rows were read. */
    READ,
    /** The principal had no right to the action, so it was not done. */
    DENIED;

    /** In lower case. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One entry. A commit with several changes has an entry for each. Immutable; contains no field
   * values.
   */
  interface Entry {
    /** Returns a unique ID: the log and the sequence. */
    String id();

    /** Returns the partition whose log it is in. */
    String log();

    /** Returns its place in that log, from 1. */
    long sequence();

    /** Returns when it was committed, by the mesh's clock. */
    Instant at();

    /** Returns the principal, as {@code account/role}. */
    String who();

    /** Returns the action, such as {@code grant.made}. */
    String action();

    /**
     * Returns a product, a domain, or {@code _mesh}; a revocation has an entry for each product.
     */
    String subject();

    /** Returns the outcome. */
    Outcome outcome();

    /** Returns further fields; values that are not text are JSON. */
    Map<String, String> details();

    /** Returns the hash of the log entry, which the next entry contains. */
    String hash();
  }
}
