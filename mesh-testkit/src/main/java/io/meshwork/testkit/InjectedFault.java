package io.meshwork.testkit;

import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fault of one call of a port.
 *
 * @param phase when a crash happens; null for other kinds
 * @param death how the process ends; null for other kinds
 * @param share the part of a torn call that takes effect, from 0 to 1
 */
record InjectedFault(Kind kind, @Nullable Phase phase, @Nullable Death death, double share) {
  /** The kind of fault. */
  enum Kind {
    NONE,
    FAIL_BEFORE,
    FAIL_AFTER,
    LOSE_REPLY,
    HOLD_BACK,
    CONFLICT,
    TEAR,
    CRASH
  }

  static final InjectedFault NONE = of(Kind.NONE);

  static InjectedFault of(Kind kind) {
    return new InjectedFault(kind, null, null, 0);
  }

  static InjectedFault tear(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("A share is between 0 and 1; the argument is " + share);
    }
    return new InjectedFault(Kind.TEAR, null, null, share);
  }

  static InjectedFault at(Phase phase, Death death, double share) {
    if (death != Death.NONE) {
      return new InjectedFault(Kind.CRASH, phase, death, share);
    }
    return switch (phase) {
      case BEFORE -> of(Kind.FAIL_BEFORE);
      case TORN -> tear(share);
      case AFTER -> of(Kind.FAIL_AFTER);
      case REPLY_LOST -> of(Kind.LOSE_REPLY);
      case DELAYED -> of(Kind.HOLD_BACK);
    };
  }

  boolean kills() {
    return kind == Kind.CRASH && death == Death.KILL;
  }

  /** Returns true if the call takes effect only in part. */
  boolean tears() {
    return kind == Kind.TEAR || (kind == Kind.CRASH && phase == Phase.TORN);
  }

  /** Returns true if the call takes effect completely. */
  boolean does() {
    return switch (kind) {
      case NONE, FAIL_AFTER, LOSE_REPLY -> true;
      case FAIL_BEFORE, HOLD_BACK, CONFLICT, TEAR -> false;
      case CRASH -> phase == Phase.AFTER || phase == Phase.REPLY_LOST;
    };
  }

  /** Returns true if a commit is delayed. */
  boolean delays() {
    return kind == Kind.HOLD_BACK || (kind == Kind.CRASH && phase == Phase.DELAYED);
  }

  /** Returns how many parts take effect: none for share 0, otherwise at least one, never all. */
  int part(int whole) {
    if (share == 0 || whole <= 1) {
      return 0;
    }
    return Math.max(1, Math.min(whole - 1, (int) (whole * share)));
  }

  /** Returns the text that {@link #parse} parses. */
  @Override
  public String toString() {
    return kind + (phase == null ? "" : " " + phase + " " + death) + (tears() ? " " + share : "");
  }

  static InjectedFault parse(String text) {
    String[] words = text.trim().split(" ", -1);
    Kind kind = Kind.valueOf(words[0].toUpperCase(Locale.ROOT));
    if (kind == Kind.CRASH) {
      Phase phase = Phase.valueOf(words[1]);
      return at(
          phase, Death.valueOf(words[2]), phase == Phase.TORN ? Double.parseDouble(words[3]) : 0);
    }
    return kind == Kind.TEAR ? tear(Double.parseDouble(words[1])) : of(kind);
  }
}
