package io.meshwork.internal.session;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rights.Rights;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;

/**
 * One principal at work on one open mesh. Thread-safe.
 *
 * @param principal who acts
 * @param ledger the registry's documents and log
 * @param catalog domains, products and versions
 * @param rights who reads what; one for all who act on the mesh
 * @param tally counts reads and denials; one for all who act on the mesh
 * @param tables the tables of products
 * @param files where files are
 * @param addresses where a location is found by programs that read files themselves
 * @param runtime clock, ids, sleep, executor
 * @param closedAt when the mesh was closed, if it was
 */
public record Session(
    Principal principal,
    Ledger ledger,
    Catalog catalog,
    Rights rights,
    AccessTally tally,
    MeshTables tables,
    FileIO files,
    UnaryOperator<String> addresses,
    MeshRuntime runtime,
    Supplier<Optional<Instant>> closedAt) {
  /** A session of its own, which shares with no other what it reads of rights. */
  public Session(
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
        new Rights(ledger, catalog),
        new AccessTally(ledger, catalog, runtime),
        tables,
        files,
        addresses,
        runtime,
        closedAt);
  }

  /** What the principal may do. */
  public Admission admission() {
    return new Admission(principal, catalog, rights, tally, runtime.clock());
  }

  /** The deadline of an operation that starts now and says none of its own. */
  public Deadline deadline() {
    return runtime.startDeadline(runtime.deadline());
  }

  /**
   * Counts a refusal for want of a right, for the audit.
   *
   * @param subject the product or the domain that it is about
   * @param doing what was tried; its first word is the verb under which it is counted
   * @return what was given, to be thrown
   */
  public <E extends MeshException> E denied(String subject, String doing, E refused) {
    if (refused instanceof AccessDeniedException denied) {
      int end = doing.indexOf(' ');
      String verb = end < 0 ? doing : doing.substring(0, end);
      tally.denied(principal, verb + ".denied", subject, doing, denied);
    }
    return refused;
  }

  /** Tells the witness that the principal opened a reader; gives what is run at its closing. */
  public Runnable opened(String doing) {
    return runtime.witness().opened(principal.toString(), doing);
  }

  /** Does what changes rows, and tells the witness how it ended. */
  public <R> R witnessed(String doing, Supplier<R> change) {
    R result;
    try {
      result = change.get();
    } catch (MeshException e) {
      runtime.witness().refused(principal.toString(), doing, e);
      throw e;
    }
    runtime.witness().committed(principal.toString(), doing, result);
    return result;
  }

  /**
   * Goes on only while the mesh is open.
   *
   * @throws InvalidRequestException if it was closed, saying when
   */
  public void checkOpen(String doing) {
    closedAt
        .get()
        .ifPresent(
            at -> {
              throw new InvalidRequestException(
                  ErrorCode.CLOSED,
                  "Cannot "
                      + doing
                      + ": the mesh was closed at "
                      + at
                      + ". Open it again, and close it after the last operation.");
            });
  }
}
