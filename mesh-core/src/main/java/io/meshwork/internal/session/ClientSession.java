package io.meshwork.internal.session;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.open.OpenOperations;
import io.meshwork.internal.rights.AccessPolicy;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One principal at work on one open mesh. Thread-safe.
 *
 * @param principal who acts
 * @param ledger the registry's documents and log
 * @param catalog domains, products and versions
 * @param policy what a principal may see of a table; one for all who act on the mesh
 * @param rights the documents of tags and grants
 * @param tally counts reads and denials; one for all who act on the mesh
 * @param operations what was described and not committed; one for all who act on the mesh
 * @param tables the tables of products
 * @param files where files are
 * @param addresses where a location is found by programs that read files themselves
 * @param runtime clock, ids, sleep, executor
 * @param closedAt when the mesh was closed, if it was
 */
public record ClientSession(
    Principal principal,
    Ledger ledger,
    Catalog catalog,
    AccessPolicy policy,
    RightsDocuments rights,
    AccessCounter tally,
    OpenOperations operations,
    MeshTables tables,
    FileIO files,
    UnaryOperator<String> addresses,
    MeshRuntime runtime,
    Supplier<Optional<Instant>> closedAt) {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);

  /** A session of its own, which shares with no other what it reads of rights. */
  public ClientSession(
      Principal principal,
      Ledger ledger,
      Catalog catalog,
      MeshTables tables,
      FileIO files,
      UnaryOperator<String> addresses,
      MeshRuntime runtime,
      Supplier<Optional<Instant>> closedAt) {
    this(
        principal,
        ledger,
        catalog,
        AccessPolicy.of(new RightsDocuments(ledger, catalog), catalog),
        new RightsDocuments(ledger, catalog),
        new AccessCounter(ledger, catalog, runtime),
        new OpenOperations(),
        tables,
        files,
        addresses,
        runtime,
        closedAt);
  }

  /** What the principal may do. */
  public Authorizer authorizer() {
    return new Authorizer(principal, catalog, policy, tally, runtime.clock());
  }

  /** The deadline of an operation that starts now and says none of its own. */
  public Deadline deadline() {
    return runtime.startDeadline(runtime.deadline());
  }

  /**
   * Counts a refusal for want of a right, for the audit.
   *
   * @param subject the product or the domain that it is about
   * @param action what was attempted; counted under its verb
   * @return what was given, to be thrown
   */
  public <E extends MeshException> E denied(String subject, MeshAction action, E refused) {
    if (refused instanceof AccessDeniedException denied) {
      tally.denied(principal, action.verb(), subject, action, denied);
    }
    return refused;
  }

  /** Tells the observer that the principal opened a reader; gives what is run at its closing. */
  public Runnable opened(MeshAction action) {
    Runnable closed;
    try {
      closed = runtime.witness().opened(principal.toString(), action.toString());
    } catch (RuntimeException e) {
      overlooked(action, e);
      return () -> {};
    }
    return () -> quietly(action, closed);
  }

  /**
   * An operation of the principal's, which does not count as described before its {@code begin}.
   */
  public OpenOperation operation(MeshAction action) {
    return operations.operation(principal.toString(), action.toString());
  }

  /** Does what changes rows, and tells the observer how it ended. */
  public <R> R observed(MeshAction action, Supplier<R> change) {
    R result;
    try {
      result = change.get();
    } catch (MeshException e) {
      quietly(action, () -> runtime.witness().refused(principal.toString(), action.toString(), e));
      throw e;
    }
    quietly(
        action, () -> runtime.witness().committed(principal.toString(), action.toString(), result));
    return result;
  }

  /** Tells the observer of what was described and never committed. */
  public void uncommitted(String by, String what) {
    quietly(what, () -> runtime.witness().uncommitted(by, what));
  }

  /** What was done stays so: an observer that fails must not hide how it ended. */
  private static void quietly(Object action, Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      overlooked(action, e);
    }
  }

  private static void overlooked(Object action, RuntimeException failure) {
    LOG.warn(
        "{}: the observer failed with {}, which changes nothing",
        action,
        failure.getClass().getName());
  }

  /**
   * Goes on only while the mesh is open.
   *
   * @throws InvalidRequestException if it was closed, saying when
   */
  public void checkOpen(MeshAction action) {
    closedAt
        .get()
        .ifPresent(
            at -> {
              throw Failure.of(action)
                  .because("the mesh was closed at " + at)
                  .fix("Open it again, and close it after the last operation.")
                  .invalidRequest(ErrorCode.CLOSED);
            });
  }
}
