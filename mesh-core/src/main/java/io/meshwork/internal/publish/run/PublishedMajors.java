package io.meshwork.internal.publish.run;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.majors.ColumnMap;
import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.majors.RenamedColumns;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.publish.run.PublishOptions.AlsoTo;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.rollout.Rollout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Determines the major versions that a publish writes to: the leading one, and those that are
 * published together with it.
 */
final class PublishedMajors {
  private final PublishContext publish;
  private final MajorTarget leading;

  private PublishedMajors(PublishContext publish, MajorTarget leading) {
    this.publish = publish;
    this.leading = leading;
  }

  /**
   * The major versions besides the leading one.
   *
   * @throws InvalidRequestException if one of them can only be published by a mapping, and the
   *     caller gave none
   */
  static List<PublishedMajor> others(PublishContext publish, MajorTarget leading) {
    return new PublishedMajors(publish, leading).others();
  }

  private List<PublishedMajor> others() {
    List<PublishedMajor> others = new ArrayList<>();
    List<Integer> together = new ArrayList<>(leading.version().publishedWith());
    new ErasedMajors(publish, leading.version())
        .others()
        .filter(major -> !together.contains(major))
        .forEach(together::add);
    publish.options().alsoTo().forEach(this::checkNamed);
    if (publish.options().only()) {
      return List.of();
    }
    if (!isErase() && together.isEmpty()) {
      checkNotBehind();
    }
    for (int major : together) {
      Optional<AlsoTo> named =
          publish.options().alsoTo().stream().filter(also -> also.major() == major).findFirst();
      others.add(named.map(this::mapped).orElseGet(() -> converted(major)));
    }
    return others;
  }

  /**
   * Rejects rows of a restored major version that lacks rows: each publish writes the one that
   * replaces it, which would not get them.
   */
  private void checkNotBehind() {
    behind()
        .ifPresent(
            rollout -> {
              throw Failure.of(publish.action())
                  .because("its rows follow " + rollout.oldBehind())
                  .state("Nothing was published.")
                  .fix(
                      "Publish rows of the new version with majorVersion("
                          + rollout.to()
                          + "), or these with onlyMajorVersion("
                          + rollout.from()
                          + ").because(reason) if they do not belong there.")
                  .invalidRequest(ErrorCode.VERSION_LEFT_OUT);
            });
  }

  /** The rollout whose old major version leads and lacks rows; empty if there is none. */
  private Optional<RolloutEntry> behind() {
    return RolloutEntry.behind(publish.session().ledger(), publish.product(), leading.version());
  }

  private Stream<RolloutEntry> rollouts() {
    return rollouts(publish);
  }

  private static Stream<RolloutEntry> rollouts(PublishContext publish) {
    return publish
        .session()
        .ledger()
        .list(RegistryKeys.partition(publish.product()), RegistryKeys.ROLLOUTS)
        .stream()
        .map(RolloutEntry::of);
  }

  /**
   * Rejects a major version that does not exist, or that the publish names twice, and a filter that
   * the mode would ignore.
   */
  private void checkNamed(AlsoTo also) {
    requireFilterFor(also);
    String call = call(also.major(), ", ..)");
    if (publish.options().only()) {
      throw Failure.of(publish.action())
          .because("onlyMajorVersion(..) and " + call + " contradict each other")
          .state(state())
          .fix("Call one of them.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    if (also.major() == leading.version().major()) {
      throw Failure.of(publish.action())
          .because(call + " names the major version of the rows themselves")
          .state(state())
          .fix("Name another one, or state the version of the rows with majorVersion(..).")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    publish
        .session()
        .catalog()
        .requireFor(Use.DESCRIBE, publish.product(), also.major(), publish.action());
  }

  /** A filter of the rows to replace would be ignored, and others replaced instead. */
  private void requireFilterFor(AlsoTo also) {
    if (also.rows() != null && publish.options().filter() == null) {
      throw Failure.of(publish.action())
          .because(
              call(also.major(), ", row -> .., filter)")
                  + " has a filter, and the publish has none: its mode is "
                  + publish.options().mode().text())
          .state(state())
          .fix(
              "Call "
                  + call(also.major(), ", row -> ..)")
                  + ", or replace the rows of a filter with replaceWhere(..).")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** The call that names another major version; an erase maps no rows. */
  private String call(int major, String mapped) {
    return isErase()
        ? "where(" + major + (mapped.endsWith("filter)") ? ", filter)" : mapped)
        : "alsoTo(" + major + mapped;
  }

  private String state() {
    return isErase() ? "Nothing was erased." : "Nothing was published.";
  }

  private boolean isErase() {
    return publish.options().mode() == PublishMode.ERASE;
  }

  /** The rows of the leading major version that an older one does not have; null for none. */
  private @Nullable RowPredicate leftOut(int otherMajor) {
    int own = leading.version().major();
    if (otherMajor > own || isErase()) {
      return null;
    }
    return rollouts()
        .filter(rollout -> rollout.leadsTo(own) && !rollout.state().isEnded())
        .flatMap(rollout -> rollout.excludedRows().stream())
        .findFirst()
        .map(rows -> RowPredicate.parse(rows.filter(), leading.table().schema(), publish.action()))
        .orElse(null);
  }

  private PublishedMajor mapped(AlsoTo also) {
    MajorTarget target =
        also.rows() == null
            ? open(also.major())
            : MajorTarget.open(publish, also.major(), publish.options().filter(also));
    checkLayout(target);
    return converted(target, also.major(), also.mapping());
  }

  private PublishedMajor converted(
      MajorTarget target, int major, @Nullable Function<Object, ?> mapping) {
    Direction direction =
        major > leading.version().major() ? Direction.TO_NEWER : Direction.TO_OLDER;
    RowPredicate leftOut = leftOut(major);
    return PublishedMajor.converted(
        target,
        leading,
        new MajorConversion(direction, mapping, leftOut == null ? null : leftOut.text()),
        publish.action());
  }

  /** A major version whose rows follow from those of the leading one. */
  private PublishedMajor converted(int major) {
    MajorTarget target = open(major);
    checkLayout(target);
    if (isErase()) {
      return PublishedMajor.of(target); // an erase has no rows
    }
    boolean newer = major > leading.version().major();
    MajorTarget older = newer ? leading : target;
    Direction direction = newer ? Direction.TO_NEWER : Direction.TO_OLDER;
    MajorTarget later = newer ? target : leading;
    ColumnMap map =
        ColumnMap.of(
            older.version().contract(),
            older.table().schema(),
            later.version().contract(),
            later.table().schema());
    if (!map.isTotal(direction)) {
      throw leftOut(major, map.gaps(direction));
    }
    if (rolloutsBetween(publish, older.version().major(), later.version().major())
        .anyMatch(rollout -> !rollout.state().isEnded() && rollout.hasMappedBackFill())) {
      throw leftOut(major, List.of(mappedBefore()));
    }
    return converted(target, major, null);
  }

  /** True if rows were mapped between two major versions, or between some that are between them. */
  static boolean haveMappedRows(PublishContext publish, int older, int later) {
    return rolloutsBetween(publish, older, later)
        .filter(rollout -> rollout.state() != Rollout.State.ABORTED || rollout.leadsTo(later))
        .anyMatch(RolloutEntry::hasMappedRows);
  }

  private static Stream<RolloutEntry> rolloutsBetween(
      PublishContext publish, int older, int later) {
    return rollouts(publish)
        .filter(rollout -> rollout.newMajor().isPresent())
        .filter(rollout -> rollout.from() >= older && rollout.to() <= later);
  }

  private Finding mappedBefore() {
    return Finding.error(
        FindingCode.MAPPING_REQUIRED,
        publish.product().toString(),
        "A back-fill with a mapping was committed, so columns of the same name can have different"
            + " values.",
        "Map the rows as the back-fill did, or back.");
  }

  private MajorTarget open(int major) {
    try {
      return requireSameColumns(MajorTarget.open(publish, major, publish.options().filter()));
    } catch (InvalidRequestException e) {
      if (e.errorCode() != ErrorCode.FILTER_INVALID) {
        throw e;
      }
      throw Failure.of(publish.action())
          .because(
              "the filter must select the rows in major version "
                  + major
                  + " too, whose columns differ: "
                  + e.reason())
          .fix("Call " + call(major, ", row -> .., filter)") + " with a filter on its columns.")
          .findings(e.findings())
          .cause(e)
          .invalidRequest(ErrorCode.FILTER_INVALID);
    }
  }

  /** Rejects the text of a filter that names other columns in another major version. */
  private MajorTarget requireSameColumns(MajorTarget target) {
    RowPredicate filter = leading.filter();
    Optional<String> other =
        filter == null
            ? Optional.empty()
            : filter.columns().stream()
                .filter(
                    column ->
                        RenamedColumns.isAnother(
                            column, leading.table().schema(), target.table().schema()))
                .findFirst();
    if (other.isPresent()) {
      int major = target.version().major();
      throw Failure.of(publish.action())
          .because(
              "the filter must select the rows in major version "
                  + major
                  + " too, where '"
                  + other.get()
                  + "' names another column")
          .state(state())
          .fix("Call " + call(major, ", row -> .., filter)") + " with a filter on its columns.")
          .invalidRequest(ErrorCode.FILTER_INVALID);
    }
    return target;
  }

  private void checkLayout(MajorTarget target) {
    boolean same = target.version().partitioning().equals(leading.version().partitioning());
    if (publish.options().mode() == PublishMode.REPLACE_PARTITIONS && !same) {
      throw Failure.of(publish.action().on("by replacePartitions()"))
          .because(
              "major version "
                  + target.version().major()
                  + " has other partitions than major version "
                  + leading.version().major()
                  + ", so that the same rows replace different ones")
          .state("Nothing was published.")
          .fix("Use replaceWhere(..), and alsoTo(.., mapping, filter).")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  private InvalidRequestException leftOut(int major, List<Finding> gaps) {
    int own = leading.version().major();
    return Failure.of(publish.action())
        .because(
            "its rows follow major version "
                + own
                + ", and while the rollout runs each publish goes to major version "
                + major
                + " too, to which they cannot be converted without a mapping: "
                + gaps.get(0).what())
        .state("Nothing was published.")
        .findings(gaps)
        .fix(
            "Call alsoTo("
                + major
                + ", row -> ..), or publish the rows with onlyMajorVersion("
                + own
                + ").because(reason) if they do not belong there. If they are rows of major"
                + " version "
                + major
                + ", publish them with majorVersion("
                + major
                + ").alsoTo("
                + own
                + ", row -> ..) instead.")
        .invalidRequest(ErrorCode.VERSION_LEFT_OUT);
  }
}
