package io.meshwork.maintenance;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Brings the mirrors of a mesh up to date: services such as AWS Glue that show its tables to other
 * programs. The wanted state is computed whole from the registry, so a run that is repeated changes
 * nothing, and one that was interrupted is completed by the next. Run it from a scheduler, about
 * once an hour; {@code Mesh.maintain()} does not run it. Another run may take place at the same
 * time. Not thread-safe; commit once. {@code Mesh.mirrors()} creates it.
 *
 * <p>It acts as the principal {@code mesh-mirror} of the account of each catalog. Where this
 * process may not act as that principal, or a service denies a call, the plan has a step {@code by
 * hand} with the command that an administrator can run.
 *
 * <p>It changes only what it created itself. An object of a service that another program created,
 * or changed after the mesh had written it, is a finding; {@link #repair} restores the latter, and
 * {@link #adopt} takes the former over.
 */
public interface Mirrors extends PlannedOperation<Plan<Mirrors.Report>, Mirrors.Report> {
  /**
   * Sets how long the run may take, and how long a verification tries readers. Default: the mesh's
   * deadline.
   */
  Mirrors timeout(Duration limit);

  /**
   * Limits the run to one product, such as right after it was published to: its tables, their
   * contracts, and the rights to read them are created, changed, or removed. The number of requests
   * does not grow with the other products; with open data, its domain's are read, too. What several
   * products need is created but not removed. Where the mirrors decide who may read, a new table, a
   * new column, and a change of tags are left as {@code MIRROR_BLOCKED}, because grants by tags are
   * on many products.
   *
   * @param product {@code domain/product}
   */
  Mirrors of(String product);

  /**
   * Also takes over what other programs created under the names of the mesh, such as tables that a
   * crawler registered. Where the mesh only adds what is missing, it adds that; where a property
   * differs, such as a location, a mode, or a right, the object stays a finding that lists the
   * differences, unless {@link #repair} overwrites them. A table whose metadata the mesh did not
   * write, and a resource link, are never taken over. What was taken over is the mesh's: it follows
   * the registry, and ends with it. Review the plan first. Has no effect on {@link #verify}.
   */
  Mirrors adopt();

  /**
   * Compares the mirrors with the registry. Changes nothing.
   *
   * @return findings for objects that are missing, were changed by others, or are not the mesh's,
   *     for objects that the mesh created and no longer needs, for changes that are overdue by an
   *     hour, for services that cannot be reached, and for readers that do not get what they may
   *     read, or could not be tried
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  MeshDiagnosis verify();

  /**
   * Returns an operation that also overwrites what other programs changed in objects that the mesh
   * created, and after {@link #adopt} what differs in objects that they created. A table whose
   * metadata another program wrote is never overwritten. Review its plan first.
   */
  @CheckReturnValue
  PlannedOperation<Plan<Report>, Report> repair();

  /**
   * Returns the steps: objects to create, change, remove, adopt (others created them, and they are
   * equal or taken over), forget (they stay for others), and to change by hand. Findings list what
   * stays: objects that others created or changed. Changes nothing.
   *
   * @throws io.meshwork.error.NotFoundException if the product of {@link #of} does not exist
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  @Override
  Plan<Report> plan();

  /**
   * Makes the changes, one object after the other. If an object fails, objects that depend on it
   * are left, and the others are changed.
   *
   * @return what was done, and what was left and why
   * @throws io.meshwork.error.BackendException if the registry failed, or the time is over: what
   *     was done stays done, and the next run continues
   */
  @Override
  Report commit();

  /**
   * What a run did, and what it could not do. Immutable.
   *
   * @param done counts by mirror, such as {@code glue in 222222222222}; only counts above 0
   * @param byHand steps that an administrator has to do, with their commands
   * @param remaining what was left, why, and how to fix it; empty if the mirrors are up to date
   */
  record Report(
      SortedMap<String, Map<Work, Long>> done, List<Plan.Step> byHand, List<Finding> remaining) {
    /** What is counted. */
    public enum Work {
      /** Objects that were created. */
      MADE,
      /** Objects that were changed because the mesh changed. */
      CHANGED,
      /** Objects that were removed. */
      REMOVED,
      /** Objects of others that were as wanted, or were taken over, and are recorded now. */
      ADOPTED,
      /** Objects that other programs had changed, and that a repair restored. */
      RESTORED
    }

    public Report {
      TreeMap<String, Map<Work, Long>> copy = new TreeMap<>();
      done.forEach(
          (mirror, work) -> copy.put(mirror, Collections.unmodifiableMap(new TreeMap<>(work))));
      done = Collections.unmodifiableSortedMap(copy);
      byHand = List.copyOf(byHand);
      remaining = List.copyOf(remaining);
    }

    /** Returns the count of one kind over all mirrors. */
    public long total(Work kind) {
      return done.values().stream().mapToLong(work -> work.getOrDefault(kind, 0L)).sum();
    }

    /**
     * Returns true if nothing was done. {@link #byHand} and {@link #remaining} may have entries.
     */
    public boolean isEmpty() {
      return done.isEmpty();
    }
  }
}
