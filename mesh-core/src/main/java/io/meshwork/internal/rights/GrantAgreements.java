package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.contract.Contract;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.ProductColumns.FormerNames;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.types.Types;

/**
 * Finds what was agreed with grants, and what is withheld because its classification is higher now.
 * This is a rule of the mesh; Lake Formation has none like it.
 */
final class GrantAgreements {
  private final PolicySnapshot world;

  GrantAgreements(PolicySnapshot world) {
    this.world = world;
  }

  /**
   * What is agreed with a grant that is made now.
   *
   * @param includingSensitive true if future data of any classification is included
   * @return empty if it gives nothing to read, or if a recipient makes it: the owner's agreement
   *     applies
   */
  Optional<AgreedRisk> madeNow(StoredGrant grant, boolean includingSensitive) {
    if (!reads(grant) || grant.handedOnIn().isPresent()) {
      return Optional.empty();
    } else if (grant.on() instanceof GrantTarget.OfProduct of) {
      return world
          .table(of.product())
          .map(table -> AgreedRisk.highest(table.contract(), grantedColumns(grant, table)))
          .map(AgreedRisk::of);
    } else if (includingSensitive) {
      return Optional.of(AgreedRisk.ALL);
    } else if (grant.to().kind() == Grantee.Kind.ORGANIZATION) {
      // What is above INTERNAL is opened to everybody by no tag, now or later.
      return Optional.of(AgreedRisk.of(Classification.INTERNAL));
    }
    AgreedRisk level = AgreedRisk.of(named(grant));
    Map<ProductName, Classification> products = new LinkedHashMap<>();
    for (TableRights table : world.tables()) {
      Classification highest = AgreedRisk.highest(table.contract(), grantedColumns(grant, table));
      if (highest.compareTo(level.level()) > 0) {
        products.put(table.product(), highest);
      }
    }
    return Optional.of(new AgreedRisk(level.level(), products));
  }

  /** The columns of a product that a grant would give, and that are withheld. */
  List<String> withheld(StoredGrant grant, TableRights table) {
    if (!reads(grant) || grant.handedOnIn().isPresent() || !isOn(grant, table)) {
      return List.of();
    }
    List<String> given = grantedColumns(grant, table);
    return given.isEmpty()
        ? given
        : AgreedRisk.above(agreed(grant, table), table.contract(), given);
  }

  private static boolean reads(StoredGrant grant) {
    return grant.permissions().contains(Permission.SELECT)
        || grant.permissions().contains(Permission.ALL);
  }

  private static boolean isOn(StoredGrant grant, TableRights table) {
    return grant.on() instanceof GrantTarget.OfProduct of
        ? of.product().equals(table.product())
        : grant.on().domain().equals(table.product().domain());
  }

  private List<String> grantedColumns(StoredGrant grant, TableRights table) {
    if (grant.on() instanceof GrantTarget.ByTags tags) {
      return world.columnsWith(table, tags.where());
    }
    return grantedColumns(grant, table.columns());
  }

  private static List<String> grantedColumns(StoredGrant grant, List<String> columns) {
    return columns.stream()
        .filter(column -> grant.columns().isEmpty() || grant.columns().contains(column))
        .filter(column -> !grant.exceptColumns().contains(column))
        .toList();
  }

  private static Classification agreed(StoredGrant grant, TableRights table) {
    return grant
        .agreed()
        .map(agreed -> agreed.on(table.product()))
        .orElseGet(() -> agreedBefore(grant, table));
  }

  /** For a grant of an earlier build, which stored no agreement: what it gave in that build. */
  private static Classification agreedBefore(StoredGrant grant, TableRights table) {
    if (!table.fields().identified()) {
      return Classification.RESTRICTED;
    } else if (table.fields().former().isEmpty()) {
      return named(grant);
    }
    FormerNames former = table.fields().former().get();
    Contract contract = former.contract();
    Set<Integer> ids = new HashSet<>();
    grantedColumns(grant, table.columns())
        .forEach(column -> ids.add(table.schema().findField(column).fieldId()));
    return AgreedRisk.highest(
        contract,
        former.schema().columns().stream()
            .filter(column -> ids.contains(column.fieldId()))
            .map(Types.NestedField::name)
            .toList());
  }

  /** The highest classification that a grant by tags names, at least INTERNAL. */
  private static Classification named(StoredGrant grant) {
    if (!(grant.on() instanceof GrantTarget.ByTags tags)) {
      return Classification.INTERNAL;
    }
    List<String> values = tags.where().values().getOrDefault(TableRights.CLASSIFICATION, List.of());
    return Stream.of(Classification.values())
        .filter(each -> values.contains(TableRights.text(each)))
        .reduce(Classification.INTERNAL, AgreedRisk::higher);
  }
}
