package io.meshwork.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The findings of a mirror in an account.
 *
 * @param mirror the name of the mirror
 * @param account the account of its service
 * @param catalog the name of the catalog that it shows; empty if the account has only this one
 */
record MirrorFindings(String mirror, String account, String catalog) {
  /** What to do about a failure that may pass; no finding of another says only this. */
  private static final String RUN_AGAIN = "Run the mirrors again.";

  private static final String REMOVE_CAUSE = "Remove the cause, and run the mirrors again.";

  static MirrorFindings of(Mirror mirror, MirroredCatalog catalog) {
    return mirror
        .account()
        .map(account -> new MirrorFindings(mirror.name(), account, catalog.name()))
        .orElseGet(() -> new MirrorFindings(mirror.name(), catalog.account(), ""));
  }

  /** Returns the name of the mirror over all catalogs, such as {@code glue in 222222222222}. */
  String name() {
    return mirror + " in " + account;
  }

  /** Returns the name of an object, such as {@code glue commerce/orders_v1 in 222222222222}. */
  String subject(String key) {
    return mirror + " " + key + " in " + account + ofCatalog();
  }

  private String ofCatalog() {
    return catalog.isEmpty() ? "" : ", catalog " + catalog;
  }

  Finding missing(String key) {
    return warning(
        FindingCode.MIRROR_MISSING,
        key,
        "The mesh made it, and another program removed it.",
        "Run the mirrors: they make it again.");
  }

  Finding changedByOthers(ObjectStep step) {
    return warning(
        FindingCode.MIRROR_CHANGED,
        step.key(),
        step.wanted().isPresent()
            ? "The mesh made it, and another program changed it. It stays as it is."
            : "The mesh made it and no longer needs it, and another program changed it. It stays as"
                + " it is.",
        "To overwrite the change, review and commit the repair of the mirrors. To keep it, do not:"
            + " the mirror then stays behind the mesh.");
  }

  /**
   * Returns the finding of an object that others created.
   *
   * @param closing the command that removes it; empty if it gives no access
   * @param adoption how it differs from what the mesh wants; empty if it cannot be taken over
   */
  Finding foreign(ObjectStep step, Optional<String> closing, Optional<ContentDifference> adoption) {
    if (step.wanted().isEmpty() && closing.isPresent()) {
      return warning(
          FindingCode.MIRROR_FOREIGN,
          step.key(),
          "Another program gives access by it that the mesh does not give; it is not changed.",
          "If the access is intended, grant it in the mesh. Then remove this, as an administrator: "
              + closing.get());
    }
    return step.wanted().isPresent()
        ? Finding.error(
            FindingCode.MIRROR_FOREIGN,
            subject(step.key()),
            "Another program made an object with this name, so the mesh cannot be shown there. It"
                + " stays as it is."
                + adoption
                    .filter(each -> !each.isEmpty())
                    .map(each -> " It differs: " + each + ".")
                    .orElse(""),
            adoption.map(MirrorFindings::takingOver).orElse("")
                + "Rename or remove the other object, and run the mirrors again.")
        : new Finding(
            FindingCode.MIRROR_FOREIGN,
            Severity.NOTE,
            subject(step.key()),
            "Another program created it; it is not changed.",
            0,
            List.of(),
            "No action is needed.");
  }

  private static String takingOver(ContentDifference difference) {
    return (difference.onlyAdds()
            ? "To add what it lacks, and keep it with the mesh, review and commit"
                + " mirrors().adopt(), or mesh mirror --adopt."
            : "To overwrite what differs, and keep it with the mesh, review and commit"
                + " mirrors().adopt().repair(), or mesh mirror --adopt --repair.")
        + " Otherwise: ";
  }

  Finding overdue(String key, Instant since) {
    return warning(
        FindingCode.MIRROR_OVERDUE,
        key,
        "It shows an earlier state: it should have changed at " + since + ".",
        "Run the mirrors, at least once an hour.");
  }

  Finding superfluous(String key) {
    return warning(
        FindingCode.MIRROR_SUPERFLUOUS,
        key,
        "The mesh made it and no longer needs it, and it was not removed yet.",
        "Run the mirrors: they remove it.");
  }

  Finding unreachable(MeshException failure) {
    return new Finding(
        FindingCode.MIRROR_UNREACHABLE,
        Severity.ERROR,
        name() + ofCatalog(),
        failure.getMessage() == null ? failure.code() : failure.getMessage(),
        0,
        List.of(),
        "Create the role mesh-mirror in the account "
            + account
            + " with the policies of its kind, and let this process assume it; or run the commands"
            + " of the plan as an administrator of the account.");
  }

  Finding failed(String key, RuntimeException failure) {
    return Finding.error(
        FindingCode.MIRROR_FAILED,
        key.isEmpty() ? name() + ofCatalog() : subject(key),
        failure instanceof MeshException named
            ? String.valueOf(named.getMessage())
            : "It failed ("
                + failure.getClass().getSimpleName()
                + "). The log of this process has the stack trace.",
        fix(failure));
  }

  /** Returns the finding of a catalog whose registry failed. */
  static Finding unavailable(String governance, BackendException failure) {
    return Finding.error(
        FindingCode.CATALOG_UNAVAILABLE,
        governance,
        "Its mirrors were skipped: " + failure.getMessage(),
        fix(failure));
  }

  /** Returns the finding of a product whose documents cannot be read. */
  static Finding damaged(String product, BackendException failure) {
    return Finding.error(
        FindingCode.MIRROR_FAILED, product, String.valueOf(failure.getMessage()), fix(failure));
  }

  private static String fix(RuntimeException failure) {
    return failure instanceof MeshException named && named.retryable() ? RUN_AGAIN : REMOVE_CAUSE;
  }

  /** Returns true for what failed, if another run may succeed without a change by people. */
  static boolean isPassing(Finding finding) {
    return finding.fix().equals(RUN_AGAIN);
  }

  /** Returns the finding of messages that were answered, and come again. */
  static Finding notRemoved(int messages, MeshException failure) {
    return new Finding(
        FindingCode.MIRROR_FAILED,
        Severity.ERROR,
        "the queue of changes",
        String.valueOf(failure.getMessage()),
        messages,
        List.of(),
        "If it lasts, check the queue: until then, each run mirrors the same products.");
  }

  Finding occupied(String container, long count) {
    return new Finding(
        FindingCode.MIRROR_BLOCKED,
        Severity.WARNING,
        subject(container),
        "The mesh no longer needs it. It stays as it is, because it has "
            + (count == 1 ? "an object that stays." : count + " objects that stay."),
        count,
        List.of(),
        "Fix the findings of these objects, and run the mirrors again.");
  }

  /** Returns the finding of objects that stay because another mirror may need them. */
  Finding kept(long count, String by) {
    return new Finding(
        FindingCode.MIRROR_BLOCKED,
        Severity.WARNING,
        name() + ofCatalog(),
        (count == 1 ? "An object" : count + " objects")
            + " that the mesh removes or reduces stay"
            + (count == 1 ? "s" : "")
            + " as long as the mirror "
            + by
            + " fails: what it made may depend on that.",
        count,
        List.of(),
        "Fix the findings of the mirror " + by + ", and run the mirrors again.");
  }

  static boolean isWaiting(Finding finding) {
    return finding.code() == FindingCode.MIRROR_BLOCKED && finding.severity() == Severity.NOTE;
  }

  /** Returns the finding of a change that a run for one product leaves. */
  Finding waiting(String key) {
    return new Finding(
        FindingCode.MIRROR_BLOCKED,
        Severity.NOTE,
        subject(key),
        "It depends on other products, or on who may read it, which a run for one product does not"
            + " change.",
        0,
        List.of(),
        "Run all mirrors.");
  }

  /**
   * Returns the finding of what waits for an object.
   *
   * @param subject the name of the object
   */
  static Finding blocked(String subject, long count) {
    return new Finding(
        FindingCode.MIRROR_BLOCKED,
        Severity.WARNING,
        subject,
        count + (count == 1 ? " object waits" : " objects wait") + " for it.",
        count,
        List.of(),
        "Fix the finding of this object, and run the mirrors again.");
  }

  private Finding warning(FindingCode code, String key, String what, String fix) {
    return new Finding(code, Severity.WARNING, subject(key), what, 0, List.of(), fix);
  }
}
