package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the classification that was agreed with each grant, and the columns that are withheld
 * because their classification is higher now. Lake Formation has no such rule.
 */
final class GrantAgreements {
  private final PolicySnapshot snapshot;

  GrantAgreements(PolicySnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /**
   * Returns the classification that a new grant agrees to.
   *
   * @param includingSensitive true if future data of any classification is included
   * @return empty if the grant gives no read access, or if a recipient creates it: the owner's
   *     agreement applies
   */
  Optional<AgreedClassification> forNewGrant(StoredGrant grant, boolean includingSensitive) {
    if (!givesRead(grant) || grant.recipientAccount().isPresent()) {
      return Optional.empty();
    } else if (grant.on() instanceof GrantTarget.OfProduct productTarget) {
      return snapshot
          .table(productTarget.product())
          .map(
              table ->
                  AgreedClassification.highest(
                      table::classificationOf, allRevealedColumns(grant, table)))
          .map(AgreedClassification::of);
    } else if (includingSensitive) {
      return Optional.of(AgreedClassification.ALL);
    } else if (grant.to().kind() == Grantee.Kind.ORGANIZATION) {
      // A grant by tags never gives the whole mesh data above INTERNAL.
      return Optional.of(AgreedClassification.of(Classification.INTERNAL));
    }
    AgreedClassification level = AgreedClassification.of(namedLevel(grant));
    Map<ProductName, Classification> products = new LinkedHashMap<>();
    for (TableRights table : snapshot.tables()) {
      Classification highest =
          AgreedClassification.highest(table::classificationOf, allRevealedColumns(grant, table));
      if (highest.compareTo(level.level()) > 0) {
        products.put(table.product(), highest);
      }
    }
    return Optional.of(new AgreedClassification(level.level(), products));
  }

  /**
   * Returns the columns of a product that a grant or its condition reveals but that are withheld.
   */
  List<String> withheld(StoredGrant grant, TableRights table) {
    List<String> revealed = revealed(grant, table);
    return revealed.isEmpty()
        ? revealed
        : AgreedClassification.above(agreed(grant, table), table, revealed);
  }

  /** Returns the columns of a table that a grant of its owner gives or reveals. */
  List<String> revealed(StoredGrant grant, TableRights table) {
    return !givesRead(grant) || grant.recipientAccount().isPresent() || !isOn(grant, table)
        ? List.of()
        : allRevealedColumns(grant, table);
  }

  private static boolean givesRead(StoredGrant grant) {
    return grant.permissions().contains(Permission.SELECT)
        || grant.permissions().contains(Permission.ALL);
  }

  private static boolean isOn(StoredGrant grant, TableRights table) {
    return grant.on() instanceof GrantTarget.OfProduct productTarget
        ? productTarget.product().equals(table.product())
        : grant.on().domain().equals(table.product().domain());
  }

  private List<String> allRevealedColumns(StoredGrant grant, TableRights table) {
    if (grant.on() instanceof GrantTarget.ByTags tags) {
      return snapshot.columnsWith(table, tags.where());
    }
    return revealedColumns(grant, table);
  }

  /** Returns the columns of a grant that is not by tags, and of its condition. */
  private static List<String> revealedColumns(StoredGrant grant, TableRights table) {
    Set<String> named = table.fields().revealedBy(grant.rows());
    return table.columns().stream()
        .filter(column -> named.contains(column) || grant.includes(column))
        .toList();
  }

  private static Classification agreed(StoredGrant grant, TableRights table) {
    return grant.agreed().map(agreed -> agreed.on(table.product())).orElse(Classification.INTERNAL);
  }

  /** Returns the highest classification that a grant by tags names, at least INTERNAL. */
  private static Classification namedLevel(StoredGrant grant) {
    if (!(grant.on() instanceof GrantTarget.ByTags tags)) {
      return Classification.INTERNAL;
    }
    List<String> values = tags.where().values().getOrDefault(TableRights.CLASSIFICATION, List.of());
    return Stream.of(Classification.values())
        .filter(each -> values.contains(TableRights.text(each)))
        .reduce(Classification.INTERNAL, AgreedClassification::higher);
  }
}
