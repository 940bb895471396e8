package io.meshwork.internal.session;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.parquet.footer.FooterCache;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.MeshTables.VendedFiles;
import io.meshwork.internal.table.TableName;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;

/**
 * The tables of a product as a principal reads them. Its domain's tables, and all tables of a store
 * that does not vend credentials, are read with the credentials of the principal; other tables only
 * with credentials that the store vends for them. Immutable.
 */
public final class ReaderTables {
  private final ClientSession session;
  private final Optional<VendedFiles> vending;

  private ReaderTables(ClientSession session, Optional<VendedFiles> vending) {
    this.session = session;
    this.vending = vending;
  }

  /** Returns the tables of a domain. Reads the registry if the store vends credentials. */
  public static ReaderTables of(ClientSession session, String domain) {
    return new ReaderTables(
        session, session.tables().vending().filter(vending -> !isOwner(session, domain)));
  }

  private static boolean isOwner(ClientSession session, String domain) {
    return session
        .catalog()
        .findDomain(domain)
        .filter(entry -> entry.domain().accounts().contains(session.principal().account()))
        .isPresent();
  }

  /**
   * Requires that a reader that gets files of the whole table may read all of it, unless the store
   * trusts this process to filter.
   *
   * @throws io.meshwork.error.AccessDeniedException FILTERED_READ if it may read some columns,
   *     rows, or cells only
   */
  public void requireWhole(DataPermission permission, ProductEntry product, MeshAction action) {
    if (permission.isAll() || vending.filter(store -> !store.isTrustedEngine()).isEmpty()) {
      return;
    }
    String contact = session.catalog().ownerOf(product, action);
    throw session.denied(
        product.name().toString(),
        action,
        Failure.of(action.on("as " + session.principal()))
            .because(
                "only some columns, rows, or cells of "
                    + product.name()
                    + " are granted, and this process gets files of whole tables only")
            .state("Nothing was read.")
            .fix(
                "Read it with "
                    + vending.orElseThrow().filteringEngines()
                    + ", or ask "
                    + contact
                    + " for SELECT on the whole product.")
            .accessDenied(
                ErrorCode.FILTERED_READ,
                "SELECT on all columns and rows of " + product.name(),
                List.of(contact)));
  }

  /** Returns true if the store vends credentials; it does so for rows, not for a quarantine. */
  public boolean areVended() {
    return vending.isPresent();
  }

  /**
   * Returns these tables with the credentials for one of them.
   *
   * @throws io.meshwork.error.BackendException if the store vends credentials, and none for this
   *     table: the principal's are never used in their place
   */
  public MeshTables of(TableName table) {
    return vending.isEmpty()
        ? session.tables()
        : session.tables().over(vended(vending.get(), table));
  }

  /**
   * Returns the footers that are known to readers of these tables; none if files are read with
   * credentials for one table, so that the store decides on each file.
   */
  public FooterCache footers() {
    return vending.isEmpty() ? session.tables().footers() : new FooterCache(0);
  }

  /** As {@link MeshTables#loadForReads}. */
  public Table load(TableName table) {
    return of(table).loadForReads(table);
  }

  /** As {@link MeshTables#findForReads}. */
  public Optional<Table> find(TableName table) {
    return of(table).findForReads(table);
  }

  private FileIO vended(VendedFiles store, TableName table) {
    return session
        .catalog()
        .topology()
        .findCatalog(table.product().domain())
        .flatMap(catalog -> store.vended(catalog, table))
        .orElseThrow(
            () ->
                Failure.of(
                        MeshAction.of(
                            Verb.READ, "the files of " + table.namespace() + "." + table.table()))
                    .because("the store vends no credentials for the table to readers")
                    .state("Nothing was read.")
                    .fix("Run the mirrors of its catalog: mesh.mirrors().commit().")
                    .lasting(ErrorCode.BACKEND_FAILED));
  }
}
