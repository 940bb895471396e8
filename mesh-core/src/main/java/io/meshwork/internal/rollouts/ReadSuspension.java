package io.meshwork.internal.rollouts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.catalog.VersionEntry.MajorSuspension;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.SuspendReads;
import io.meshwork.rollout.StewardRequest.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Suspends reads of a product's major versions, in one transaction. Not thread-safe. */
final class ReadSuspension implements SuspendReads, Ledger.Change<SuspendReads.Suspension> {
  private final ClientSession session;
  private final ProductName product;
  private final String because;
  private final MeshAction action;
  private final OneCommit once;
  private Optional<Integer> only = Optional.empty();

  ReadSuspension(ClientSession session, ProductName product, String because, MeshAction action) {
    this.session = session;
    this.product = product;
    this.because = because;
    this.action = action;
    this.once = OneCommit.withoutKey(action);
  }

  @Override
  public SuspendReads majorVersion(int number) {
    only = Optional.of(ArgumentChecks.majorVersion(number));
    return this;
  }

  @Override
  public Suspension commit() {
    session.checkOpen(action);
    once.begin();
    try {
      return session.ledger().commit(this, session.deadline());
    } finally {
      once.end();
    }
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
  public CommitDraft<Suspension> draft(Ledger.Attempt attempt) {
    DomainEntry domain = session.authorizer().requireOwner(product.domain(), action);
    List<VersionEntry> majors = read(session, product, only, action);
    if (majors.isEmpty()) {
      throw Failure.of(action)
          .because("no consumer reads " + only.map(each -> "that major version").orElse("it"))
          .fix("describe(\"" + product + "\") shows the versions that are in use.")
          .notFound(ErrorCode.NOT_FOUND);
    }
    StewardRequestEntry request =
        new StewardRequestEntry(
            attempt.id(),
            product,
            Kind.SUSPENSION,
            0,
            because,
            List.of(),
            session.principal(),
            attempt.now(),
            Optional.empty());
    Instant until = attempt.now().plus(MajorSuspension.LIMIT);
    MajorSuspension suspension =
        new MajorSuspension(request.id(), because, session.principal(), attempt.now(), until);
    CommitDraft<Suspension> draft =
        CommitDraft.of(MeshEvent.PRODUCT_SUSPENDED, session.principal(), product.toString());
    draft
        .detail("majors", numbers(majors))
        .detail("because", because)
        .detail("until", until.toString())
        .check(domain.stored());
    majors.forEach(major -> draft.replace(major.majorStored(), suspension.addTo(major)));
    completeEarlier(draft, attempt.now());
    draft.insert(
        RegistryKeys.stewardRequest(product, request.id()), request.toDocument(Optional.empty()));
    return draft.result(
        new Suspension(
            product,
            majors.stream().map(VersionEntry::major).toList(),
            because,
            until,
            request.request(Optional.empty())));
  }

  private void completeEarlier(CommitDraft<?> draft, Instant now) {
    complete(session, product, draft, now);
  }

  /** Completes the requests about earlier suspensions. */
  static void complete(
      ClientSession session, ProductName product, CommitDraft<?> draft, Instant now) {
    StoredRequest.open(session, product, Kind.SUSPENSION, 0)
        .forEach(each -> each.complete(draft, now));
  }

  /** The major versions that consumers read, ascending, or one of them. */
  static List<VersionEntry> read(
      ClientSession session, ProductName product, Optional<Integer> only, MeshAction action) {
    List<VersionEntry> found = new ArrayList<>();
    for (int major : session.catalog().majors(product)) {
      VersionEntry version = session.catalog().requireFor(Use.DESCRIBE, product, major, action);
      if (version.state().isLive() && only.filter(number -> number != major).isEmpty()) {
        found.add(version);
      }
    }
    return List.copyOf(found);
  }

  static ArrayNode numbers(List<VersionEntry> majors) {
    ArrayNode numbers = JsonNodeFactory.instance.arrayNode();
    majors.forEach(major -> numbers.add(major.major()));
    return numbers;
  }
}
