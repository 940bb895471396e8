package io.meshwork.internal.rollout.consumers;

import io.meshwork.internal.rollout.RolloutTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When a consumer is reminded of its date: after 50, 80, and 95 percent of the time since the date
 * was offered, and on each of the last three days. From 80 percent on, the owner of the consumer's
 * domain is reminded too.
 */
public final class ReminderSchedule {
  private static final List<Integer> PERCENTAGES = List.of(50, 80, 95);
  private static final int OWNER_FROM_PERCENT = 80;
  private static final int LAST_DAYS = 3;

  private ReminderSchedule() {}

  /**
   * A reminder.
   *
   * @param id identifies it; a reminder with this ID is sent at most once
   * @param at when it is due
   * @param toDomainOwner whether the owner of the consumer's domain receives it too
   */
  public record Reminder(String id, Instant at, boolean toDomainOwner) {}

  /**
   * Returns the reminder to send now; empty if none is due, or the latest one was sent. Earlier
   * ones that were missed are not sent later. A released consumer receives none.
   *
   * @param rollout the number of the rollout
   * @param sent the IDs of the reminders that were sent to the consumer
   */
  public static Optional<Reminder> due(
      int rollout, TrackStatus track, Set<String> sent, Instant now) {
    if (track.released() || RolloutTerms.isOver(track.date(), now)) {
      return Optional.empty();
    }
    Reminder latest = null;
    for (Reminder reminder : all(rollout, track)) {
      if (!now.isBefore(reminder.at())
          && (latest == null || !reminder.at().isBefore(latest.at()))) {
        latest = reminder;
      }
    }
    return Optional.ofNullable(latest).filter(reminder -> !sent.contains(reminder.id()));
  }

  /** Returns all reminders of a date; reminders of the last days only if they follow its offer. */
  private static List<Reminder> all(int rollout, TrackStatus track) {
    String prefix = "rollout." + rollout + "." + track.consumer() + "." + track.date() + ".";
    Instant start = track.offeredAt();
    Instant end = RolloutTerms.endOf(track.date());
    Duration total = Duration.between(start, end);
    List<Reminder> reminders = new ArrayList<>();
    for (int percent : PERCENTAGES) {
      Instant at = start.plus(total.multipliedBy(percent).dividedBy(100));
      reminders.add(new Reminder(prefix + percent, at, percent >= OWNER_FROM_PERCENT));
    }
    for (int days = LAST_DAYS; days > 0; days--) {
      Instant at = end.minus(Duration.ofDays(days));
      if (at.isAfter(start)) {
        reminders.add(new Reminder(prefix + "last-" + days, at, true));
      }
    }
    return reminders;
  }
}
