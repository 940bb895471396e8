package io.meshwork.internal.distributed;

import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.quality.OtherProducts;
import io.meshwork.internal.quality.ReferencedKeys;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.product.ProductName;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;

/**
 * The keys of other products that the rules of a publish compare with, which the driver reads for
 * all tasks. Immutable.
 */
final class SentReferences implements Serializable {
  private static final long serialVersionUID = 1;

  private final String own;
  private final Map<String, ReferencedKeys> keys = new HashMap<>();

  /** Reads the keys for the rules of these major versions. */
  SentReferences(ProductName own, List<RowIngestion.Target> targets, OtherProducts others) {
    this.own = own.toString();
    for (RowIngestion.Target target : targets) {
      Schema schema = target.table().schema();
      for (Rule rule : target.contract().enforcedRules()) {
        if (RuleConditions.of(rule) instanceof References condition
            && !others.isOwn(condition.product())) {
          keys.computeIfAbsent(name(condition, schema), name -> others.keys(condition, schema));
        }
      }
    }
  }

  private SentReferences(String own) {
    this.own = own;
  }

  /** The same without keys, for tasks that evaluate no rule. */
  SentReferences withoutKeys() {
    return new SentReferences(own);
  }

  /** The types of the columns belong to it, because they may differ between major versions. */
  private static String name(References condition, Schema schema) {
    return condition
        + " "
        + condition.columns().stream().map(name -> LeafPath.of(schema, name).type()).toList();
  }

  /**
   * Other products as rules see them.
   *
   * @param others answers all questions but for these keys
   */
  OtherProducts in(OtherProducts others) {
    return new OtherProducts() {
      @Override
      public SnapshotRows of(ProductName product) {
        return others.of(product);
      }

      @Override
      public SnapshotRows of(ProductName product, List<String> columns) {
        return others.of(product, columns);
      }

      @Override
      public ReferencedKeys keys(References condition, Schema schema) {
        return keys.getOrDefault(name(condition, schema), ReferencedKeys.NOT_READ);
      }

      @Override
      public boolean isOwn(ProductName product) {
        return product.toString().equals(own);
      }
    };
  }
}
