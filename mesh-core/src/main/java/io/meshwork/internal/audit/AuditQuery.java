package io.meshwork.internal.audit;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.governance.Audit;
import io.meshwork.governance.Checkpoint;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Asks the audit as one session's principal. */
final class AuditQuery implements Audit {
  private final ClientSession session;
  private final Asked asked;

  AuditQuery(ClientSession session) {
    this(session, new Asked(null, null, null, null, List.of(), USUALLY_AT_MOST));
  }

  private AuditQuery(ClientSession session, Asked asked) {
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

  @Override
  public Audit of(CharSequence productOrDomain) {
    return with(
        new Asked(
            ArgumentChecks.required("of", productOrDomain).toString(),
            asked.by,
            asked.since,
            asked.until,
            asked.actions,
            asked.most));
  }

  @Override
  public Audit by(Principal principal) {
    return with(
        new Asked(
            asked.about,
            ArgumentChecks.required("by", principal),
            asked.since,
            asked.until,
            asked.actions,
            asked.most));
  }

  @Override
  public Audit since(Instant time) {
    return with(
        new Asked(
            asked.about,
            asked.by,
            ArgumentChecks.required("since", time),
            asked.until,
            asked.actions,
            asked.most));
  }

  @Override
  public Audit until(Instant time) {
    return with(
        new Asked(
            asked.about,
            asked.by,
            asked.since,
            ArgumentChecks.required("until", time),
            asked.actions,
            asked.most));
  }

  @Override
  public Audit about(String... kinds) {
    return with(
        new Asked(
            asked.about,
            asked.by,
            asked.since,
            asked.until,
            List.copyOf(ArgumentChecks.all("about", kinds)),
            asked.most));
  }

  @Override
  public Audit atMost(int entries) {
    if (entries < 1) {
      throw ArgumentChecks.refused("atMost", "is " + entries, "Give at least 1.");
    }
    return with(new Asked(asked.about, asked.by, asked.since, asked.until, asked.actions, entries));
  }

  private Audit with(Asked now) {
    return new AuditQuery(session, now);
  }

  @Override
  public List<Entry> list() {
    AuditScope scope = scope();
    session.accessCounter().write();
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

  @Override
  public void exportTo(Appendable out) throws IOException {
    ArgumentChecks.required("exportTo", out);
    AuditScope scope = scope();
    session.accessCounter().write();
    LogWalk walk = LogWalk.oldestFirst(session.ledger(), scope.logs(), asked.since);
    while (walk.hasNext()) {
      for (Entry entry : AuditEntry.of(walk.next())) {
        if (isAsked(entry, scope)) {
          out.append(AuditEntry.line(entry)).append('\n');
        }
      }
    }
  }

  @Override
  public List<Finding> verify() {
    session.checkOpen(MeshAction.of(Verb.VERIFY, "the audit"));
    return new AuditVerification(session)
        .of(AuditScope.logsOf(session, asked.about, MeshAction.of(Verb.VERIFY, "the audit")));
  }

  @Override
  public Checkpoint checkpoint(PrivateKey signer) {
    return checkpoint(signer, Optional.empty());
  }

  @Override
  public Checkpoint checkpoint(PrivateKey signer, Checkpoint before) {
    return checkpoint(signer, Optional.of(ArgumentChecks.required("checkpoint", before)));
  }

  private Checkpoint checkpoint(PrivateKey signer, Optional<Checkpoint> before) {
    MeshAction action = MeshAction.of(Verb.CREATE, "a checkpoint");
    ArgumentChecks.required("checkpoint", signer);
    session.checkOpen(action);
    session.accessCounter().write();
    before.ifPresent(this::requireStillHolds);
    Instant now = session.runtime().clock().instant().truncatedTo(ChronoUnit.MILLIS);
    List<Checkpoint.Head> heads = new ArrayList<>();
    for (String log : new TreeSet<>(AuditScope.logsOf(session, null, action))) {
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
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot make a checkpoint: the one before it no longer holds: "
              + first.code()
              + " at "
              + first.where()
              + (broken.size() == 1 ? "" : ", and of " + (broken.size() - 1) + " more logs")
              + ". Nothing was changed. Keep the registry as it is, for it is evidence, and call"
              + " verify(checkpoint, key) with the one before.");
    }
  }

  @Override
  public List<Finding> verify(Checkpoint checkpoint, PublicKey key) {
    MeshAction action = MeshAction.of(Verb.VERIFY, "the audit");
    ArgumentChecks.required("verify", checkpoint)
        .requireSignedBy(ArgumentChecks.required("verify", key));
    session.checkOpen(action);
    Set<String> logs = new LinkedHashSet<>(AuditScope.logsOf(session, null, action));
    checkpoint.heads().forEach(head -> logs.add(head.log()));
    AuditVerification verification = new AuditVerification(session);
    List<Finding> found = new ArrayList<>(verification.of(logs));
    found.addAll(verification.against(checkpoint, found));
    return List.copyOf(found);
  }

  private AuditScope scope() {
    MeshAction action =
        MeshAction.of(Verb.QUERY, "the audit" + (asked.about == null ? "" : " of " + asked.about));
    session.checkOpen(action);
    return AuditScope.of(session, asked.about, asked.by, action);
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
}
