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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Queries the audit as the session's principal. */
final class AuditQuery implements Audit {
  private final ClientSession session;
  private @Nullable String about;
  private @Nullable Principal by;
  private @Nullable Instant since;
  private @Nullable Instant until;
  private List<String> actions = List.of();
  private int limit = DEFAULT_LIMIT;

  AuditQuery(ClientSession session) {
    this.session = session;
  }

  @Override
  public Audit subject(CharSequence productOrDomain) {
    String subject = ArgumentChecks.required("subject", productOrDomain).toString();
    return with(copy -> copy.about = subject);
  }

  @Override
  public Audit principal(Principal principal) {
    ArgumentChecks.required("principal", principal);
    return with(copy -> copy.by = principal);
  }

  @Override
  public Audit since(Instant time) {
    ArgumentChecks.required("since", time);
    return with(copy -> copy.since = time);
  }

  @Override
  public Audit until(Instant time) {
    ArgumentChecks.required("until", time);
    return with(copy -> copy.until = time);
  }

  @Override
  public Audit kinds(String... kinds) {
    List<String> all = ArgumentChecks.all("kinds", kinds);
    all.forEach(AuditActions::require);
    return with(copy -> copy.actions = all);
  }

  @Override
  public Audit limit(int entries) {
    if (entries < 1) {
      throw ArgumentChecks.refused("limit", "is " + entries, "Use at least 1.");
    }
    return with(copy -> copy.limit = entries);
  }

  private Audit with(Consumer<AuditQuery> change) {
    AuditQuery copy = new AuditQuery(session);
    copy.about = about;
    copy.by = by;
    copy.since = since;
    copy.until = until;
    copy.actions = actions;
    copy.limit = limit;
    change.accept(copy);
    return copy;
  }

  @Override
  public List<Entry> list() {
    AuditScope scope = scope();
    session.accessCounter().write();
    List<Entry> entries = new ArrayList<>();
    LogWalk walk = LogWalk.newestFirst(session.ledger(), scope.logs(), since);
    while (walk.hasNext() && entries.size() < limit) {
      List<Entry> newestLast = AuditEntry.of(walk.next());
      for (int i = newestLast.size() - 1; i >= 0; i--) {
        Entry entry = newestLast.get(i);
        if (matches(entry, scope) && entries.size() < limit) {
          entries.add(entry);
        }
      }
    }
    return List.copyOf(entries);
  }

  @Override
  public void exportTo(Appendable out) throws IOException {
    ArgumentChecks.required("exportTo", out);
    AuditScope scope = scope();
    session.accessCounter().write();
    LogWalk walk = LogWalk.oldestFirst(session.ledger(), scope.logs(), since);
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
        .of(AuditScope.logsOf(session, about, MeshAction.of(Verb.VERIFY, "the audit")));
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
    return checkpoint instanceof SignedCheckpoint signed
        ? signed
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
    List<Finding> findings = new ArrayList<>(verification.of(logs));
    findings.addAll(verification.against(signed, findings));
    return List.copyOf(findings);
  }

  private AuditScope scope() {
    MeshAction action =
        MeshAction.of(Verb.QUERY, "the audit" + (about == null ? "" : " of " + about));
    session.checkOpen(action);
    return AuditScope.of(session, about, by, action);
  }

  private boolean matches(Entry entry, AuditScope scope) {
    return (by == null || by.toString().equals(entry.who()))
        && (since == null || !entry.at().isBefore(since))
        && (until == null || entry.at().isBefore(until))
        && (actions.isEmpty() || actions.stream().anyMatch(kind -> isOfKind(entry, kind)))
        && scope.contains(entry);
  }

  private static boolean isOfKind(Entry entry, String kind) {
    return entry.action().equals(kind) || entry.action().startsWith(kind + ".");
  }
}
