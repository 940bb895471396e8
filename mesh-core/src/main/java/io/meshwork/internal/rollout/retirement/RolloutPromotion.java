package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Makes the new major version of a rollout the current one. */
record RolloutPromotion(ClientSession session, ProductName product, int number)
    implements StateChange {
  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.MAKE_CURRENT, "the new major version of " + product);
  }

  @Override
  public TransitionContext read() {
    return TransitionContext.of(
        session, product, number, Set.of(State.PARALLEL, State.CLOSING), action());
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    return List.of();
  }

  private static boolean isDone(TransitionContext context, VersionEntry next) {
    return context.product().currentMajor() >= next.major();
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    VersionEntry next = PromotedMajor.of(session, context, action());
    if (isDone(context, next)) {
      return List.of();
    }
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step(
            "make current",
            product + " " + next.version(),
            "for reads, publishes, and new subscriptions that name no major version",
            "abort(), until a consumer subscribes to it"));
    for (SubscriberList.Entry entry : SubscriberList.of(session, product, context.from())) {
      steps.add(step(context, entry));
    }
    for (LinkEntry link : links()) {
      steps.add(step(link));
    }
    return List.copyOf(steps);
  }

  private Step step(TransitionContext context, SubscriberList.Entry entry) {
    int from = context.from().major();
    if (!entry.terms().follows()) {
      return new Step("keep", entry.subscription(), "stays on major version " + from, "");
    }
    return ConsumerImpact.waitsBecause(session, entry, context.to())
        .map(
            why ->
                new Step(
                    "wait",
                    entry.subscription(),
                    "follows, but stays on major version " + from + ": " + why,
                    ""))
        .orElseGet(
            () ->
                new Step(
                    "move",
                    entry.subscription(),
                    "follows: with its position, when it is read next",
                    "majorVersion(" + from + ") on the subscription"));
  }

  private static Step step(LinkEntry link) {
    String name = "link " + link.consumer() + "/" + link.name();
    return link.following() || link.product().isEmpty()
        ? new Step("move", name, "follows", "")
        : new Step("keep", name, "stays on major version " + link.major(), "");
  }

  /** The links to the product, or to its whole domain, in all catalogs that can be read. */
  private List<LinkEntry> links() {
    List<LinkEntry> links = new ArrayList<>();
    for (DomainEntry consumer : session.catalog().availableDomains()) {
      session.catalog().links(consumer.domain().name()).stream()
          .filter(
              link ->
                  link.product()
                      .map(product::equals)
                      .orElseGet(() -> link.domain().equals(product.domain())))
          .forEach(links::add);
    }
    links.sort(
        Comparator.comparing(LinkEntry::consumer).thenComparing(link -> link.name().toString()));
    return links;
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    RolloutEntry rollout = context.rollout();
    VersionEntry next = PromotedMajor.of(session, context, action());
    if (isDone(context, next)) {
      return CommitDraft.unchanged(rollout);
    }
    return LoggedRollout.<RolloutEntry>draft(
            Event.MADE_CURRENT, context.rollout(), session.principal())
        .check(context.domain().stored())
        .check(context.stored())
        .check(context.to().majorStored())
        .check(next.majorStored())
        .replace(context.product().stored(), context.product().withCurrentMajor(next.major()))
        .result(rollout);
  }
}
