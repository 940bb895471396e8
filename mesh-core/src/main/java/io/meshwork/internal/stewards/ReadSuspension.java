package io.meshwork.internal.stewards;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ReadSuspensions;
import io.meshwork.internal.catalog.ReadSuspensions.Decision;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.rollout.StewardRequest.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Suspends reads of a product's major versions, in one transaction. Not thread-safe. */
final class ReadSuspension
    implements Operation.WithReason<StewardRequest>, Ledger.Change<StewardRequest> {
  private final ClientSession session;
  private final ProductName product;
  private final MeshAction action;
  private final CommitGuard once;
  private final Optional<Integer> only;
  private @Nullable String because;

  /**
   * Creates the operation.
   *
   * @param only the major version; empty for all
   */
  ReadSuspension(
      ClientSession session, ProductName product, Optional<Integer> only, MeshAction action) {
    this.session = session;
    this.product = product;
    this.only = only;
    this.action = action;
    this.once = CommitGuard.withoutKey(action);
  }

  @Override
  public Operation.WithReason<StewardRequest> because(String text) {
    because = ArgumentChecks.text("because", text);
    return this;
  }

  @Override
  public StewardRequest commit() {
    session.checkOpen(action);
    reason();
    return session.commit(once, this);
  }

  private String reason() {
    return ArgumentChecks.requireReason(because, action, "Set the reason, which consumers see.");
  }

  @Override
  public MeshAction action() {
    return action;
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(product);
  }

  @Override
  public CommitDraft<StewardRequest> draft(Ledger.Attempt attempt) {
    DomainEntry domain = session.authorizer().requireOwner(product.domain(), action);
    List<VersionEntry> read = read(session, product, action);
    List<VersionEntry> majors =
        read.stream()
            .filter(major -> only.filter(number -> number != major.major()).isEmpty())
            .toList();
    if (majors.isEmpty()) {
      throw Failure.of(action)
          .because("no consumer reads " + only.map(each -> "that major version").orElse("it"))
          .fix("describe(\"" + product + "\") shows the versions that are in use.")
          .notFound(ErrorCode.NOT_FOUND);
    }
    ReadSuspensions earlier = ReadSuspensions.of(session.catalog().requireProduct(product, action));
    StewardRequestEntry request = request(majors, attempt);
    Decision decision =
        new Decision(
            earlier.last() + 1,
            request.id(),
            reason(),
            session.principal(),
            attempt.now(),
            attempt.now().plus(Decision.LIMIT),
            read.stream()
                .filter(major -> !majors.contains(major))
                .map(VersionEntry::major)
                .collect(Collectors.toSet()));
    CommitDraft<StewardRequest> draft =
        CommitDraft.of(
            MeshEvent.Type.PRODUCT_SUSPENDED.text(), session.principal(), product.toString());
    draft
        .details(
            new EventDetails.SuspensionChange(
                numbers(majors), Optional.of(reason()), Optional.of(decision.until())))
        .check(domain.stored());
    read.forEach(major -> draft.check(major.majorStored()));
    earlier.add(decision, inEffect(earlier, decision, draft, attempt.now()), draft);
    draft.insert(
        RegistryKeys.stewardRequest(product, request.id()), request.toDocument(Optional.empty()));
    return draft.result(request.request(Optional.empty()));
  }

  private StewardRequestEntry request(List<VersionEntry> majors, Ledger.Attempt attempt) {
    return new StewardRequestEntry(
        attempt.id(),
        product,
        Kind.SUSPENSION,
        0,
        reason(),
        majors.stream().map(VersionEntry::major).toList(),
        List.of(),
        session.principal(),
        attempt.now(),
        Optional.empty());
  }

  /**
   * The earlier decisions that still hold: decisions about other major versions, and decisions that
   * a steward approved. The requests of the others are completed.
   */
  private List<Decision> inEffect(
      ReadSuspensions earlier, Decision decision, CommitDraft<?> draft, Instant now) {
    Map<String, StoredRequest> open =
        StoredRequest.open(session, product).stream()
            .collect(Collectors.toMap(each -> each.entry().id(), Function.identity()));
    List<Decision> inEffect = new ArrayList<>();
    for (Decision each : earlier.decisions()) {
      StoredRequest request = open.get(each.request());
      boolean approved = request != null && request.approval().isPresent();
      if (approved || !decision.coversAllOf(each)) {
        inEffect.add(each);
      } else if (request != null) {
        request.complete(draft, now);
      }
    }
    return inEffect;
  }

  /** The major versions that consumers read, ascending. */
  static List<VersionEntry> read(ClientSession session, ProductName product, MeshAction action) {
    return session.catalog().majors(product).stream()
        .map(major -> session.catalog().requireFor(Use.DESCRIBE, product, major, action))
        .filter(major -> major.state().isLive())
        .toList();
  }

  static List<Integer> numbers(List<VersionEntry> majors) {
    return majors.stream().map(VersionEntry::major).toList();
  }
}
