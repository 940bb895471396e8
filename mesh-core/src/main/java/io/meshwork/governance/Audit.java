package io.meshwork.governance;

import io.meshwork.error.Finding;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Queries who did what, and when: every change in the logs of the mesh, each entry chained to the
 * one before it. Set what to ask, then call {@link #list}, {@link #exportTo} or {@link #verify}.
 *
 * <p>Those who act for a domain see what concerns that domain and its products, whoever did it, and
 * what the domain's own accounts did anywhere; the log of the mesh itself is for everybody. Entries
 * contain no values of rows; conditions on rows appear as hashes.
 *
 * <p>Immutable: each setting returns another query and leaves this one as it is. Thread-safe.
 */
public interface Audit {
  /** How many entries {@link #list} returns unless {@link #atMost} is called. */
  int USUALLY_AT_MOST = 1_000;

  /**
   * Only what concerns a product, written {@code domain/product}, a domain with its products, or
   * the mesh itself, written {@code _mesh}. Grants by tags concern the domain. Default: all that
   * the caller may see.
   */
  Audit of(CharSequence productOrDomain);

  /** Only what this principal did or was denied. Default: anybody. */
  Audit by(Principal principal);

  /** Only from this time on, inclusive, by the mesh's clock. */
  Audit since(Instant time);

  /** Only before this time, exclusive. */
  Audit until(Instant time);

  /**
   * Only these actions: whole, such as {@code grant.made}, or what they begin with up to a dot,
   * such as {@code grant}. Default: all.
   */
  Audit about(String... kinds);

  /** At most so many entries in {@link #list}. Default: {@link #USUALLY_AT_MOST}. */
  Audit atMost(int entries);

  /**
   * The newest entries that are asked for, newest first, and not more than {@link #atMost} says. It
   * reads the logs from their ends, as far as it takes.
   *
   * @throws io.meshwork.error.AccessDeniedException if it is about a domain that the caller does
   *     not act for, and not {@link #by} one of its own accounts
   * @throws io.meshwork.error.NotFoundException if there is no such product or domain
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  List<Entry> list();

  /**
   * Writes all entries that are asked for, oldest first, each as one line of JSON with its fields
   * as in {@link Entry}. Entries stream through; those that come meanwhile are left out.
   *
   * @throws IOException if the target fails
   * @throws io.meshwork.error.MeshException as {@link #list}
   */
  void exportTo(Appendable out) throws IOException;

  /**
   * Checks the logs that {@link #of} names, by default all of the mesh: that no entry was altered,
   * removed, inserted or moved, that documents are as their log says, and that archived parts are
   * as they were. Of each log the first broken link is named, by partition and sequence. A log that
   * was cut at its end together with all that tells of it, or rewritten as a whole, is only found
   * against a checkpoint that was kept elsewhere. Everybody may ask: findings hold names alone.
   *
   * @return what is wrong; empty if nothing is
   * @throws io.meshwork.error.NotFoundException if there is no such product or domain
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  List<Finding> verify();

  /**
   * Signs where all logs of the mesh end now; keep it where nobody who writes to the registry can
   * reach it. It does not walk the logs and proves nothing about what was done before: {@link
   * #verify()} first. It is of all logs, whatever was asked for. Everybody may ask.
   *
   * @param signer a private key of {@link Checkpoint#ALGORITHM}
   * @throws io.meshwork.error.InvalidRequestException if the key is of another kind
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  Checkpoint checkpoint(PrivateKey signer);

  /**
   * The same, with the digest of the checkpoint before it, so that none can be taken out of their
   * row. What that one names has to be there as it was, so that no log that was cut or rewritten
   * since is signed anew; what lies before or between is not looked at.
   *
   * @param before the last one that was made; its signature is not checked here
   * @throws io.meshwork.error.InvalidRequestException as above, or if the end of a log that {@code
   *     before} names is gone or another, naming it
   */
  Checkpoint checkpoint(PrivateKey signer, Checkpoint before);

  /**
   * Checks all logs of the mesh as {@link #verify()} does, and against a checkpoint: also that none
   * of them was cut, rewritten or taken away since it was made. Everybody may ask.
   *
   * @param key the public key of who signed it
   * @return what is wrong; empty if nothing is
   * @throws io.meshwork.error.InvalidRequestException if the checkpoint was altered, or signed with
   *     another key
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  List<Finding> verify(Checkpoint checkpoint, PublicKey key);

  /** How it ended. */
  enum Outcome {
    /** It was done. */
    DONE,
    /** Somebody decided against what was asked for. */
    REFUSED,
    /** Rows were read. */
    READ,
    /** The principal had no right to it, so it was not done. */
    DENIED;

    /** In lower case. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One entry; of what was done at once each part is one. Immutable; holds no values of rows.
   *
   * @param id where it stands; no other entry has it
   * @param log the partition whose log it is in
   * @param sequence its place in that log, from 1
   * @param at when it was committed, by the mesh's clock
   * @param who the principal, as {@code account/role}
   * @param action what happened, such as {@code grant.made}
   * @param subject to what: a product, a domain, or {@code _mesh}; of what was taken back each
   *     product on which there was a grant
   * @param outcome how it ended
   * @param details what else there is to say, by field; what is no text is written as JSON
   * @param hash the hash of the log's entry, which the entry after it repeats
   */
  record Entry(
      String id,
      String log,
      long sequence,
      Instant at,
      String who,
      String action,
      String subject,
      Outcome outcome,
      Map<String, String> details,
      String hash) {
    /** Copies the details. */
    public Entry {
      details = Collections.unmodifiableMap(new TreeMap<>(details));
    }

    /** In a line. */
    @Override
    public String toString() {
      return at + " " + who + " " + action + " " + subject + " " + outcome + " (" + id + ")";
    }
  }
}
