package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.Health.Freshness;
import io.meshwork.card.Health.RefusedPublish;
import io.meshwork.card.Health.Status;
import io.meshwork.contract.QualityReport.BrokenRule;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.internal.text.Count;
import io.meshwork.internal.text.DurationText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Says what is wrong with a product, for all who show its health. Stateless. */
final class HealthProblems {
  private HealthProblems() {}

  /** What is wrong as the caller may know it, worst first. */
  static List<String> of(
      Status status,
      Freshness freshness,
      Optional<PublishQuality> quality,
      OptionalLong waiting,
      Optional<Instant> waitingSince,
      Instant now) {
    List<String> problems = new ArrayList<>();
    if (status == Status.UNKNOWN) {
      problems.add("Its state cannot be read.");
    }
    if (!freshness.lateBy().isZero()) {
      problems.add(late(freshness, now));
    }
    quality
        .filter(PublishQuality::isViolated)
        .ifPresent(publish -> problems.addAll(broken(publish)));
    if (waiting.orElse(0) > 0) {
      long rows = waiting.getAsLong();
      problems.add(
          Count.of(rows, "row waits", "rows wait")
              + " in the quarantine"
              + waitingSince.map(since -> " since " + seconds(since)).orElse("")
              + ", and consumers do not read "
              + (rows == 1 ? "it." : "them."));
    }
    return problems;
  }

  /** The same with a publish that was refused after the newest one. */
  static List<String> with(Health health, Optional<RefusedPublish> refused) {
    List<String> problems = new ArrayList<>(health.problems());
    refused.filter(last -> last.isLatest(health)).ifPresent(last -> problems.add(rejected(last)));
    return problems;
  }

  private static String rejected(RefusedPublish last) {
    return "The last publish, by "
        + last.by()
        + " at "
        + seconds(last.at())
        + (last.idempotencyKey().isEmpty() ? "" : ", with the key " + last.idempotencyKey())
        + ", was rejected. "
        + last.reason();
  }

  private static String late(Freshness freshness, Instant now) {
    return "Late by "
        + DurationText.of(freshness.lateBy())
        + ", since "
        + seconds(now.minus(freshness.lateBy()))
        + freshness
            .promised()
            .map(limit -> ": rows at most " + DurationText.of(limit) + " old are promised")
            .orElse("")
        + freshness.age().map(age -> ", they are " + DurationText.of(age) + " old").orElse("")
        + freshness
            .updated()
            .map(at -> ", and the last update was at " + seconds(at))
            .orElse(", and nothing was published yet")
        + ".";
  }

  private static List<String> broken(PublishQuality quality) {
    List<String> rules = new ArrayList<>();
    quality.brokenRules().stream().map(BrokenRule::toString).forEach(rules::add);
    int more = quality.rulesBroken() - rules.size();
    if (more > 0) {
      rules.add(
          Count.of(more, "more rule is", "more rules are")
              + " broken by rows of the publish of "
              + seconds(quality.committedAt())
              + ".");
    }
    return rules;
  }

  private static Instant seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }
}
