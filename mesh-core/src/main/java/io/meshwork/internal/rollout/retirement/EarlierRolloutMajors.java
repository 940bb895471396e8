package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.session.ClientSession;
import java.util.List;
import java.util.TreeSet;

/**
 * The major versions that are published together with a rollout's, if an earlier rollout has not
 * retired its old one. Stateless.
 */
public final class EarlierRolloutMajors {
  private EarlierRolloutMajors() {}

  /** The major versions that are published together with the new one. */
  public static TreeSet<Integer> ofNew(TransitionContext context) {
    TreeSet<Integer> all = new TreeSet<>(context.from().publishedWith());
    all.add(context.from().major());
    all.remove(context.to().major());
    return all;
  }

  /** Adds the new major version to the others that the replaced one is published with. */
  public static void join(ClientSession session, TransitionContext context, CommitDraft<?> draft) {
    int to = context.to().major();
    for (VersionEntry version : others(session, context)) {
      if (!version.publishedWith().contains(to)) {
        draft.replace(version.majorStored(), MajorDocuments.publishedWith(version, List.of(to)));
      }
    }
  }

  /** Removes the new major version from the others that the replaced one is published with. */
  static void separate(ClientSession session, TransitionContext context, CommitDraft<?> draft) {
    int to = context.to().major();
    for (VersionEntry version : others(session, context)) {
      if (version.publishedWith().contains(to)) {
        draft.replace(version.majorStored(), MajorDocuments.publishedWithout(version, to));
      }
    }
  }

  /** Removes the retired major version from the others that it was published with. */
  static void removeRetired(
      ClientSession session, TransitionContext context, CommitDraft<?> draft) {
    TreeSet<Integer> others = new TreeSet<>(context.from().publishedWith());
    others.remove(context.to().major());
    for (VersionEntry version : entries(session, context, others)) {
      draft.replace(
          version.majorStored(), MajorDocuments.publishedWithout(version, context.from().major()));
    }
  }

  /** Adds a restored major version to the others that its successor is published with. */
  public static void addRestored(
      ClientSession session, TransitionContext context, CommitDraft<?> draft) {
    TreeSet<Integer> others = new TreeSet<>(context.to().publishedWith());
    others.remove(context.from().major());
    for (VersionEntry version : entries(session, context, others)) {
      draft.replace(
          version.majorStored(),
          MajorDocuments.publishedWith(version, List.of(context.from().major())));
    }
  }

  private static List<VersionEntry> others(ClientSession session, TransitionContext context) {
    TreeSet<Integer> others = ofNew(context);
    others.remove(context.from().major());
    return entries(session, context, others);
  }

  private static List<VersionEntry> entries(
      ClientSession session, TransitionContext context, TreeSet<Integer> majors) {
    MeshAction action = MeshAction.of(Verb.ROLL_OUT, context.product().name());
    return majors.stream()
        .map(
            major ->
                session.catalog().requireFor(Use.DESCRIBE, context.product().name(), major, action))
        .toList();
  }
}
