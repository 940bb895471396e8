package io.meshwork.internal.mirror;

import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Creates the operation of mirrors, for {@code Mesh}, which documents it. */
public final class MirrorOperations {
  private MirrorOperations() {}

  /**
   * Brings the mirrors of all catalogs up to date.
   *
   * @param own the session of this process
   * @param sessions opens the session of a principal, or throws if this process may not act as it
   */
  public static Mirrors mirrors(
      ClientSession own, MirrorBackend backend, Function<Principal, ClientSession> sessions) {
    return new CatalogMirrors(own, backend, sessions, MirrorMode.CAREFUL);
  }

  /**
   * Brings the mirrors of the catalogs of this account up to date, if they were run before.
   *
   * @param own as for {@link #mirrors}
   * @param sessions as for {@link #mirrors}
   * @throws io.meshwork.error.MeshException if the registry cannot be read
   */
  public static OperatedMirrors operate(
      ClientSession own,
      MirrorBackend backend,
      Function<Principal, ClientSession> sessions,
      Deadline deadline) {
    return new CatalogMirrors(own, backend, sessions, MirrorMode.CAREFUL).operate(deadline);
  }

  /**
   * Returns what brings the changes of a queue up to date, in the catalogs of this account, if
   * their mirrors were run before.
   *
   * @param own as for {@link #mirrors}
   * @param sessions as for {@link #mirrors}
   * @param delivery delivers the notices that are due of products and domains, or says why not
   */
  public static ChangedMirrors changed(
      ClientSession own,
      MirrorBackend backend,
      Function<Principal, ClientSession> sessions,
      Function<Set<String>, Optional<Finding>> delivery) {
    return new ChangedMirrors(
        backend.changes(),
        () -> new CatalogMirrors(own, backend, sessions, MirrorMode.CAREFUL),
        delivery);
  }

  /**
   * What all mirrors would do, and what of it is in one account. Immutable.
   *
   * @param all the plan of all
   * @param steps the steps of mirrors in the account
   * @param findings the findings of mirrors in the account
   */
  public record AccountMirrorSteps(
      Plan<Report> all, List<Plan.Step> steps, List<Finding> findings) {
    public AccountMirrorSteps {
      steps = List.copyOf(steps);
      findings = List.copyOf(findings);
    }
  }

  /** Plans all mirrors, and says what of it is in one account. */
  public static AccountMirrorSteps plan(Mirrors mirrors, String account) {
    return catalogMirrors(mirrors).planIn(account);
  }

  /**
   * What a run of all mirrors did.
   *
   * @param left what the mirrors in one account left
   */
  public record AccountMirrorRun(Report all, List<Finding> left) {
    public AccountMirrorRun {
      left = List.copyOf(left);
    }
  }

  /** Runs all mirrors, and returns what mirrors in one account left. */
  public static AccountMirrorRun commit(Mirrors mirrors, String account) {
    return catalogMirrors(mirrors).commitIn(account);
  }

  /** Verifies the mirrors in one account. */
  public static MeshDiagnosis verify(Mirrors mirrors, String account) {
    return catalogMirrors(mirrors).verifyIn(account);
  }

  private static CatalogMirrors catalogMirrors(Mirrors mirrors) {
    if (mirrors instanceof CatalogMirrors catalogMirrors) {
      return catalogMirrors;
    }
    throw new IllegalArgumentException("not the mirrors of a mesh: " + mirrors);
  }
}
