package io.meshwork.internal.audit;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.governance.Audit;
import io.meshwork.governance.Audit.Checkpoint;
import io.meshwork.internal.ledger.Ledger;
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

/** Queries the audit as the session's principal. */
final class AuditQuery implements Audit {
  private final ClientSession session;
  private final Criteria criteria;

  AuditQuery(ClientSession session) {
    this(session, new Criteria(null, null, null, null, List.of(), DEFAULT_LIMIT));
  }

  private AuditQuery(ClientSession session, Criteria criteria) {
    this.session = session;
    this.criteria = criteria;
  }

  /** The criteria of a query; null for no restriction. */
  private record Criteria(
      @Nullable String about,
      @Nullable Principal by,
      @Nullable Instant since,
      @Nullable Instant until,
      List<String> actions,
      int limit) {}

  @Override
  public Audit subject(CharSequence productOrDomain) {
    return with(
        new Criteria(
            ArgumentChecks.required("subject", productOrDomain).toString(),
            criteria.by,
            criteria.since,
            criteria.until,
            criteria.actions,
            criteria.limit));
  }

  @Override
  public Audit principal(Principal principal) {
    return with(
        new Criteria(
            criteria.about,
            ArgumentChecks.required("principal", principal),
            criteria.since,
            criteria.until,
            criteria.actions,
            criteria.limit));
  }

  @Override
  public Audit since(Instant time) {
    return with(
        new Criteria(
            criteria.about,
            criteria.by,
            ArgumentChecks.required("since", time),
            criteria.until,
            criteria.actions,
            criteria.limit));
  }

  @Override
  public Audit until(Instant time) {
    return with(
        new Criteria(
            criteria.about,
            criteria.by,
            criteria.since,
            ArgumentChecks.required("until", time),
            criteria.actions,
            criteria.limit));
  }

  @Override
  public Audit kinds(String... kinds) {
    ArgumentChecks.all("kinds", kinds).forEach(AuditActions::require);
    return with(
        new Criteria(
            criteria.about,
            criteria.by,
            criteria.since,
            criteria.until,
            List.copyOf(ArgumentChecks.all("kinds", kinds)),
            criteria.limit));
  }

  @Override
  public Audit limit(int entries) {
    if (entries < 1) {
      throw ArgumentChecks.refused("limit", "is " + entries, "Use at least 1.");
    }
    return with(
        new Criteria(
            criteria.about,
            criteria.by,
            criteria.since,
            criteria.until,
            criteria.actions,
            entries));
  }

  private Audit with(Criteria changed) {
    return new AuditQuery(session, changed);
  }

  @Override
  public List<Entry> list() {
    AuditScope scope = scope();
    session.accessCounter().write();
    List<Entry> found = new ArrayList<>();
    LogWalk walk = LogWalk.newestFirst(session.ledger(), scope.logs(), criteria.since);
    while (walk.hasNext() && found.size() < criteria.limit) {
      List<Entry> newestLast = AuditEntry.of(walk.next());
      for (int i = newestLast.size() - 1; i >= 0; i--) {
        Entry entry = newestLast.get(i);
        if (matches(entry, scope) && found.size() < criteria.limit) {
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
    LogWalk walk = LogWalk.oldestFirst(session.ledger(), scope.logs(), criteria.since);
    while (walk.hasNext()) {
      for (AuditEntry each : AuditEntry.withDetails(walk.next())) {
        if (matches(each.entry(), scope)) {
          out.append(each.line()).append('\n');
        }
      }
    }
  }

  @Override
  public List<Finding> verify() {
    session.checkOpen(MeshAction.of(Verb.VERIFY, "the audit"));
    return new AuditVerification(session)
        .of(AuditScope.logsOf(session, criteria.about, MeshAction.of(Verb.VERIFY, "the audit")));
  }

  @Override
  public Checkpoint checkpoint(PrivateKey signer) {
    return checkpoint(signer, Optional.empty());
  }

  @Override
  public Checkpoint checkpoint(PrivateKey signer, Checkpoint before) {
    return checkpoint(signer, Optional.of(ArgumentChecks.required("checkpoint", before)));
  }

  @Override
  public Checkpoint readCheckpoint(String json) {
    return SignedCheckpoint.fromJson(json);
  }

  /** Returns what {@link #checkpoint} or {@link #readCheckpoint} returned. */
  private static SignedCheckpoint signed(String call, @Nullable Checkpoint checkpoint) {
    return checkpoint instanceof SignedCheckpoint known
        ? known
        : SignedCheckpoint.fromJson(ArgumentChecks.required(call, checkpoint).toJson());
  }

  private Checkpoint checkpoint(PrivateKey signer, Optional<Checkpoint> before) {
    MeshAction action = MeshAction.of(Verb.CREATE, "a checkpoint");
    ArgumentChecks.required("checkpoint", signer);
    session.checkOpen(action);
    session.accessCounter().write();
    before.ifPresent(this::requireIntact);
    Instant now = session.runtime().clock().instant().truncatedTo(ChronoUnit.MILLIS);
    List<SignedCheckpoint.Head> heads = new ArrayList<>();
    for (String log : new TreeSet<>(AuditScope.logsOf(session, null, action))) {
      session
          .ledger()
          .newestEntry(log)
          .ifPresent(
              entry ->
                  heads.add(
                      new SignedCheckpoint.Head(
                          log, Ledger.sequence(entry), entry.json().path("hash").asText())));
    }
    return SignedCheckpoint.signed(now, heads, before, signer);
  }

  private void requireIntact(Checkpoint before) {
    List<Finding> broken =
        new AuditVerification(session).against(signed("checkpoint", before), List.of());
    if (!broken.isEmpty()) {
      Finding first = broken.get(0);
      throw Failure.of(MeshAction.of(Verb.CREATE, "a checkpoint"))
          .because(
              "the logs no longer match the previous checkpoint: "
                  + first.code()
                  + " at "
                  + first.where()
                  + (broken.size() == 1 ? "" : ", and " + (broken.size() - 1) + " more logs"))
          .fix(
              "Keep the registry unchanged as evidence, and call verify(checkpoint, key) with the"
                  + " previous checkpoint.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  @Override
  public List<Finding> verify(Checkpoint checkpoint, PublicKey key) {
    MeshAction action = MeshAction.of(Verb.VERIFY, "the audit");
    SignedCheckpoint signed = signed("verify", checkpoint);
    signed.requireSignedBy(ArgumentChecks.required("verify", key));
    session.checkOpen(action);
    Set<String> logs = new LinkedHashSet<>(AuditScope.logsOf(session, null, action));
    logs.addAll(signed.logs());
    AuditVerification verification = new AuditVerification(session);
    List<Finding> found = new ArrayList<>(verification.of(logs));
    found.addAll(verification.against(signed, found));
    return List.copyOf(found);
  }

  private AuditScope scope() {
    MeshAction action =
        MeshAction.of(
            Verb.QUERY, "the audit" + (criteria.about == null ? "" : " of " + criteria.about));
    session.checkOpen(action);
    return AuditScope.of(session, criteria.about, criteria.by, action);
  }

  private boolean matches(Entry entry, AuditScope scope) {
    return (criteria.by == null || criteria.by.toString().equals(entry.who()))
        && (criteria.since == null || !entry.at().isBefore(criteria.since))
        && (criteria.until == null || entry.at().isBefore(criteria.until))
        && (criteria.actions.isEmpty()
            || criteria.actions.stream().anyMatch(kind -> isOfKind(entry, kind)))
        && scope.contains(entry);
  }

  private static boolean isOfKind(Entry entry, String kind) {
    return entry.action().equals(kind) || entry.action().startsWith(kind + ".");
  }
}
