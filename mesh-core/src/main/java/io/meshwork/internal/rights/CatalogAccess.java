package io.meshwork.internal.rights;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.product.Domain;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * What Lake Formation has to hold in the account of a catalog, so that it decides as the mesh does:
 * a database for each domain, a table for each live major version, and the active grants. What Lake
 * Formation does not know is expressed by what it knows: the right of a domain's own accounts and
 * products that are open to the mesh become grants, withheld columns become a tag, and an
 * expression of tags applies only to its domain. Where that is not possible, the state permits
 * less. Immutable.
 *
 * @param state the state. Its accounts are in the organization {@link PolicySnapshot#ORGANIZATION}
 * @param omitted the active grants that the state leaves out
 */
public record CatalogAccess(AccessState state, List<OmittedGrant> omitted) {
  /** The organization of all accounts of a mesh, as a grantee. */
  public static final Grantee MESH =
      Grantee.of("arn:aws:organizations:::organization/" + PolicySnapshot.ORGANIZATION);

  /** The start of the keys of the tags that the mesh sets for withheld columns. */
  public static final String WITHHELD_TAGS = "mesh-withheld/";

  public CatalogAccess {
    omitted = List.copyOf(omitted);
  }

  /**
   * Returns the access in the account of a catalog.
   *
   * @param account the account
   * @param accounts the accounts of all domains of the mesh
   * @param domains the domains of the catalog
   * @param now the time at which grants must be active
   */
  public static CatalogAccess of(
      String account, Collection<String> accounts, List<DomainAccess> domains, Instant now) {
    CatalogAccessBuilder builder = new CatalogAccessBuilder(account, accounts, now);
    domains.forEach(builder::add);
    return builder.build();
  }

  /**
   * A domain with its tags and grants. Immutable.
   *
   * @param domain the domain
   * @param versions the tags and grants of its products, each major version of a product in another
   *     snapshot, as {@link RightsDocuments#versionsOfDomain} returns them
   * @param tables the tables that its database has; other major versions are left out
   */
  public record DomainAccess(
      Domain domain, List<PolicySnapshot> versions, List<MajorTable> tables) {
    public DomainAccess {
      versions = List.copyOf(versions);
      tables = List.copyOf(tables);
    }

    boolean isSuspended(TableRights table) {
      return tables.stream().anyMatch(major -> major.suspended() && major.isOf(table));
    }
  }

  /**
   * The table of a major version. Immutable.
   *
   * @param product its product
   * @param major its major version
   * @param name its name in the catalog
   * @param location its folder
   * @param openColumns the columns that every domain may read because the product is open to the
   *     mesh; empty if it is not
   * @param suspended true while its owner suspends reads: only the owner's accounts read it
   */
  public record MajorTable(
      ProductName product,
      int major,
      String name,
      String location,
      List<String> openColumns,
      boolean suspended) {
    public MajorTable {
      openColumns = suspended ? List.of() : List.copyOf(openColumns);
    }

    boolean isOf(TableRights table) {
      return product.equals(table.product()) && major == table.fields().major();
    }
  }

  /**
   * An active grant that Lake Formation cannot hold. Immutable.
   *
   * @param domain the domain that owns the data
   * @param grant the grant
   * @param code the rule of Lake Formation that does not permit it
   */
  public record OmittedGrant(String domain, Grant grant, FindingCode code) {}
}
