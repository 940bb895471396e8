package io.meshwork.governance;

import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, and when: every change that the logs of the mesh tell of, each entry chained to the
 * one before. Say what is asked, then {@link #list}, {@link #exportTo} or {@link #verify}.
 *
 * <p>Whoever acts for a domain asks about that domain and its products, whoever did it, and about
 * what its own accounts did, wherever that was; the mesh's own log is for everybody. Nothing else
 * is shown. No entry holds values of rows; conditions on rows are told by their hash.
 *
 * <p>Immutable: what narrows it gives another, so one that is kept stays as wide as it was.
 * Thread-safe.
 */
public final class Audit {
  /** How many entries {@link #list} gives if {@link #atMost} was not called. */
  public static final int USUALLY_AT_MOST = 1_000;

  private final Session session;
  private final Asked asked;

  Audit(Session session) {
    this(session, new Asked(null, null, null, null, List.of(), USUALLY_AT_MOST));
  }

  private Audit(Session session, Asked asked) {
    this.session = session;
    this.asked = asked;
  }

  /** What is asked; what is null is not asked. */
  private record Asked(
      @Nullable String about,
      @Nullable Principal by,
      @Nullable Instant since,
      @Nullable Instant until,
      List<String> actions,
      int most) {}

  /**
   * Only what concerns a product, written {@code domain/product}, a domain with its products, or
   * the mesh itself, written {@code _mesh}. Grants by tags concern the domain. Default: all that
   * the caller may see.
   */
  public Audit of(CharSequence productOrDomain) {
    return with(
        new Asked(
            Arguments.given("of", productOrDomain).toString(),
            asked.by,
            asked.since,
            asked.until,
            asked.actions,
            asked.most));
  }

  /** Only what this principal did or was denied. Default: anybody. */
  public Audit by(Principal principal) {
    return with(
        new Asked(
            asked.about,
            Arguments.given("by", principal),
            asked.since,
            asked.until,
            asked.actions,
            asked.most));
  }

  /** Only from this time on, inclusive, by the mesh's clock. */
  public Audit since(Instant time) {
    return with(
        new Asked(
            asked.about,
            asked.by,
            Arguments.given("since", time),
            asked.until,
            asked.actions,
            asked.most));
  }

  /** Only before this time, exclusive. */
  public Audit until(Instant time) {
    return with(
        new Asked(
            asked.about,
            asked.by,
            asked.since,
            Arguments.given("until", time),
            asked.actions,
            asked.most));
  }

  /**
   * Only these actions: whole, such as {@code grant.made}, or what they begin with up to a dot,
   * such as {@code grant}. Default: all.
   */
  public Audit about(String... kinds) {
    return with(
        new Asked(
            asked.about,
            asked.by,
            asked.since,
            asked.until,
            List.copyOf(Arguments.all("about", kinds)),
            asked.most));
  }

  /** At most so many entries in {@link #list}. Default: {@link #USUALLY_AT_MOST}. */
  public Audit atMost(int entries) {
    if (entries < 1) {
      throw Arguments.refused("atMost", "is " + entries, "Give at least 1.");
    }
    return with(new Asked(asked.about, asked.by, asked.since, asked.until, asked.actions, entries));
  }

  private Audit with(Asked now) {
    return new Audit(session, now);
  }

  /**
   * The newest entries that are asked for, newest first, and not more than {@link #atMost} says. It
   * reads the logs from their ends, as far as it takes.
   *
   * @throws io.meshwork.error.AccessDeniedException if it is about a domain that the caller does
   *     not act for, and not {@link #by} one of its own accounts
   * @throws io.meshwork.error.NotFoundException if there is no such product or domain
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public List<Entry> list() {
    AuditScope scope = scope();
    session.tally().write();
    List<Entry> found = new ArrayList<>();
    LogWalk walk = LogWalk.newestFirst(session.ledger(), scope.logs(), asked.since);
    while (walk.hasNext() && found.size() < asked.most) {
      List<Entry> newestLast = AuditEntry.of(walk.next());
      for (int i = newestLast.size() - 1; i >= 0; i--) {
        Entry entry = newestLast.get(i);
        if (isAsked(entry, scope) && found.size() < asked.most) {
          found.add(entry);
        }
      }
    }
    return List.copyOf(found);
  }

  /**
   * Writes all entries that are asked for, oldest first, each as one line of JSON with its fields
   * as in {@link Entry}. Entries stream through; those that come meanwhile are left out.
   *
   * @throws IOException if the target fails
   * @throws io.meshwork.error.MeshException as {@link #list}
   */
  public void exportTo(Appendable out) throws IOException {
    Arguments.given("exportTo", out);
    AuditScope scope = scope();
    session.tally().write();
    LogWalk walk = LogWalk.oldestFirst(session.ledger(), scope.logs(), asked.since);
    while (walk.hasNext()) {
      for (Entry entry : AuditEntry.of(walk.next())) {
        if (isAsked(entry, scope)) {
          out.append(AuditEntry.line(entry)).append('\n');
        }
      }
    }
  }

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
  public List<Finding> verify() {
    session.checkOpen("verify the audit");
    return new AuditVerification(session)
        .of(AuditScope.logsOf(session, asked.about, "verify the audit"));
  }

  /**
   * Signs where all logs of the mesh end now; keep it where nobody who writes to the registry can
   * reach it. It does not walk the logs and proves nothing about what was done before: {@link
   * #verify()} first. It is of all logs, whatever was asked for. Everybody may ask.
   *
   * @param signer a private key of {@link Checkpoint#ALGORITHM}
   * @throws io.meshwork.error.InvalidRequestException if the key is of another kind
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public Checkpoint checkpoint(PrivateKey signer) {
    return checkpoint(signer, Optional.empty());
  }

  /**
   * The same, with the digest of the checkpoint before it, so that none can be taken out of their
   * row. What that one names has to be there as it was, so that no log that was cut or rewritten
   * since is signed anew; what lies before or between is not looked at.
   *
   * @param before the last one that was made; its signature is not checked here
   * @throws io.meshwork.error.InvalidRequestException as above, or if the end of a log that {@code
   *     before} names is gone or another, naming it
   */
  public Checkpoint checkpoint(PrivateKey signer, Checkpoint before) {
    return checkpoint(signer, Optional.of(Arguments.given("checkpoint", before)));
  }

  private Checkpoint checkpoint(PrivateKey signer, Optional<Checkpoint> before) {
    String doing = "make a checkpoint";
    Arguments.given("checkpoint", signer);
    session.checkOpen(doing);
    session.tally().write();
    before.ifPresent(this::requireStillHolds);
    Instant now = session.runtime().clock().instant().truncatedTo(ChronoUnit.MILLIS);
    List<Checkpoint.Head> heads = new ArrayList<>();
    for (String log : new TreeSet<>(AuditScope.logsOf(session, null, doing))) {
      session
          .ledger()
          .newestEntry(log)
          .ifPresent(
              entry ->
                  heads.add(
                      new Checkpoint.Head(
                          log,
                          entry.json().path("sequence").asLong(),
                          entry.json().path("hash").asText())));
    }
    return Checkpoint.signed(now, heads, before, signer);
  }

  private void requireStillHolds(Checkpoint before) {
    List<Finding> broken = new AuditVerification(session).against(before, List.of());
    if (!broken.isEmpty()) {
      Finding first = broken.get(0);
      throw Checkpoint.refused(
          "make",
          "the one before it no longer holds: "
              + first.code()
              + " at "
              + first.where()
              + (broken.size() == 1 ? "" : ", and of " + (broken.size() - 1) + " more logs"),
          "Keep the registry as it is, for it is evidence, and ask verify(checkpoint, key) with the"
              + " one before.");
    }
  }

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
  public List<Finding> verify(Checkpoint checkpoint, PublicKey key) {
    String doing = "verify the audit";
    Arguments.given("verify", checkpoint).requireSignedBy(Arguments.given("verify", key));
    session.checkOpen(doing);
    Set<String> logs = new LinkedHashSet<>(AuditScope.logsOf(session, null, doing));
    checkpoint.heads().forEach(head -> logs.add(head.log()));
    AuditVerification verification = new AuditVerification(session);
    List<Finding> found = new ArrayList<>(verification.of(logs));
    found.addAll(verification.against(checkpoint, found));
    return List.copyOf(found);
  }

  private AuditScope scope() {
    String doing = "ask the audit" + (asked.about == null ? "" : " of " + asked.about);
    session.checkOpen(doing);
    return AuditScope.of(session, asked.about, asked.by, doing);
  }

  private boolean isAsked(Entry entry, AuditScope scope) {
    return (asked.by == null || asked.by.toString().equals(entry.who()))
        && (asked.since == null || !entry.at().isBefore(asked.since))
        && (asked.until == null || entry.at().isBefore(asked.until))
        && (asked.actions.isEmpty()
            || asked.actions.stream().anyMatch(kind -> isOfKind(entry, kind)))
        && scope.shows(entry);
  }

  private static boolean isOfKind(Entry entry, String kind) {
    return entry.action().equals(kind) || entry.action().startsWith(kind + ".");
  }

  /** How it ended. */
  public enum Outcome {
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
  public record Entry(
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
