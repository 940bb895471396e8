package io.meshwork.internal.catalog;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.product.ProductName;
import java.util.Optional;

/**
 * Why the state of a major version does not allow a use, and what to do now.
 *
 * @param successor the live major to use in its place; empty if there is none
 */
record MajorRefusal(
    Use use,
    ProductName product,
    VersionEntry version,
    Optional<Integer> successor,
    MeshAction action) {
  /**
   * The exception: not found for a major that was taken out of use, else a lasting conflict. A step
   * of a rollout that counts consumers takes a moment only, so that the caller may commit again.
   */
  MeshException exception() {
    Failure failure = Failure.of(action).because(reason()).state(state()).fix(fix());
    if (version.state() == MajorState.RETIRING) {
      return failure.conflict(ErrorCode.STATE_CONFLICT);
    }
    return version.state().isRetired()
        ? failure.notFound(ErrorCode.MAJOR_RETIRED)
        : failure.lastingConflict(ErrorCode.STATE_CONFLICT);
  }

  private String reason() {
    return subject()
        + switch (version.state()) {
          case RETIRED -> " was retired" + when() + why() + replacement();
          case PURGED ->
              " was retired" + when() + why() + ", and its data was deleted" + replacement();
          case WITHDRAWN -> " was withdrawn" + when() + why() + replacement();
          case PREPARED -> " is being prepared, so only its owner can use it" + replacement();
          case DEPRECATED -> " is deprecated and accepts no new subscriptions" + replacement();
          case RETIRING -> " accepts no new subscriptions while its consumers are counted";
          default -> " is closed to new subscriptions" + replacement();
        }
        + end();
  }

  /** That the product ends, which explains all of its states. */
  private String end() {
    if (!version.endsProduct()) {
      return "";
    }
    return version.state().isRetired()
        ? "; the product ended" + elsewhere()
        : "; the product ends"
            + version.entry().succession().retireAfter().map(date -> " after " + date).orElse("")
            + why()
            + elsewhere();
  }

  private String elsewhere() {
    return version.successorElsewhere().map(next -> "; " + next + " replaces it").orElse("");
  }

  private String subject() {
    return "major version " + version.major() + " of " + product;
  }

  private String when() {
    return version.entry().retirement().retiredAt().map(at -> " at " + at).orElse("");
  }

  private String why() {
    return version.entry().succession().because().map(because -> " (" + because + ")").orElse("");
  }

  private String replacement() {
    if (successor.isEmpty()) {
      return "";
    }
    return version.state() == MajorState.PREPARED
        ? "; the current one is " + successor.get()
        : "; major version " + successor.get() + " replaces it";
  }

  private String state() {
    return switch (use) {
      case READ, READ_AS_OWNER -> "Nothing was read.";
      case PUBLISH -> "Nothing was published.";
      case ERASE -> "Nothing was erased.";
      default -> "Nothing was changed.";
    };
  }

  private String fix() {
    if (version.state() == MajorState.RETIRING) {
      return "Commit again in a moment; rollouts(\"" + product + "\") shows the state.";
    }
    if (version.successorElsewhere().isPresent()) {
      return "Use " + version.successorElsewhere().get() + " in its place.";
    }
    if (use == Use.SUBSCRIBE && version.endsProduct() && version.state() == MajorState.DEPRECATED) {
      return "Read another product, or call allowDeprecated() and because(reason).";
    }
    if (successor.isEmpty()) {
      return "describe(\"" + product + "\") shows the versions of the product and its owner.";
    }
    int next = successor.get();
    return switch (use) {
      case READ, READ_AS_OWNER ->
          "Read major version " + next + " with majorVersion(" + next + "); " + difference();
      case SUBSCRIBE, SUBSCRIBE_TO_DEPRECATED, MOVE_BACK, FOLLOW ->
          "Subscribe to major version "
              + next
              + " with majorVersion("
              + next
              + ")"
              + (use == Use.SUBSCRIBE && version.state() == MajorState.DEPRECATED
                  ? ", or call allowDeprecated() and because(reason)."
                  : ".");
      case KEEP ->
          "Move the subscription: subscribe(\""
              + product
              + "\").name(..).majorVersion("
              + next
              + ").commit(); "
              + difference();
      case PUBLISH -> "Publish to major version " + next + " with majorVersion(" + next + ").";
      default -> "Use major version " + next + "; " + difference();
    };
  }

  private String difference() {
    return "contractHistory(\"" + product + "\") shows both contracts.";
  }
}
