package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.product.Classification;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * How rows are protected: classifications, the four-eyes rule, and the allowed purposes. Columns
 * have their field IDs, which identify them in all majors of a product. Immutable.
 *
 * @param classification how sensitive the whole product is
 * @param columns their protection by field ID
 * @param fourEyes true if requests for access require two approvals
 * @param purposes the allowed purposes; empty if all are
 */
record Protection(
    Classification classification,
    SortedMap<Integer, Classification> columns,
    boolean fourEyes,
    SortedSet<String> purposes) {
  /** No protection. */
  public static final Protection NONE =
      new Protection(Classification.PUBLIC, new TreeMap<>(), false, new TreeSet<>());

  private static final String PROTECTED = "protected";

  public Protection {
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    SortedSet<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    all.addAll(purposes);
    purposes = Collections.unmodifiableSortedSet(all);
  }

  /**
   * The protection by a contract.
   *
   * @param table the columns with their field IDs
   */
  public static Protection of(Contract contract, Schema table) {
    SortedMap<Integer, Classification> columns = new TreeMap<>();
    for (Types.NestedField column : table.columns()) {
      if (contract.schema().getField(column.name()) != null) {
        columns.put(column.fieldId(), contract.classificationOf(column.name()));
      }
    }
    return new Protection(
        contract.classification(),
        columns,
        contract.requiresFourEyes(),
        new TreeSet<>(contract.purposes()));
  }

  /** What a major is protected by besides its own contract: what was raised in others. */
  static Protection ofOthers(ObjectNode major) {
    return major.has(PROTECTED)
        ? DocumentCodec.of(Protection.class).read(major.path(PROTECTED))
        : NONE;
  }

  /** Writes into the document of a major what it is protected by besides its own contract. */
  ObjectNode writeTo(ObjectNode major) {
    major.remove(PROTECTED);
    if (!equals(NONE)) {
      major.set(PROTECTED, DocumentCodec.toJson(this));
    }
    return major;
  }

  /** The strictest of both. */
  public Protection and(Protection other) {
    SortedMap<Integer, Classification> all = new TreeMap<>(columns);
    other.columns.forEach((id, level) -> all.merge(id, level, Protection::higher));
    return new Protection(
        higher(classification, other.classification),
        all,
        fourEyes || other.fourEyes,
        common(purposes, other.purposes));
  }

  private static Classification higher(Classification one, Classification other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /**
   * The purposes that both allow; the second's if there are none, which only a major that consumers
   * do not read can have.
   */
  private static SortedSet<String> common(SortedSet<String> one, SortedSet<String> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() ? other : one;
    }
    SortedSet<String> both = both(one, other);
    return both.isEmpty() ? other : both;
  }

  private static SortedSet<String> both(SortedSet<String> one, SortedSet<String> other) {
    SortedSet<String> both = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    both.addAll(one);
    both.retainAll(other);
    return both;
  }

  /** True if some restrict the purposes, and none is allowed by all that do. */
  static boolean allowNoPurpose(Collection<Protection> all) {
    return all.stream()
        .map(Protection::purposes)
        .filter(purposes -> !purposes.isEmpty())
        .reduce(Protection::both)
        .filter(Set::isEmpty)
        .isPresent();
  }

  /**
   * What protects a major besides its contract after the contract of another one, or its own, was
   * amended: what the amendment raises is raised, and what it lowers is lowered to what others
   * hold.
   *
   * @param before the protection of the amended major before the amendment
   * @param next that by its contract after the amendment
   * @param held the protection by the contracts of other majors in use
   */
  Protection after(Protection before, Protection next, Protection held) {
    SortedMap<Integer, Classification> levels = new TreeMap<>(columns);
    next.columns.forEach(
        (id, level) -> levels.put(id, after(level(id), before.level(id), level, held.level(id))));
    return new Protection(
        after(classification, before.classification, next.classification, held.classification),
        levels,
        before.fourEyes == next.fourEyes ? fourEyes : next.fourEyes || held.fourEyes,
        purposesAfter(before.purposes, next.purposes, held.purposes));
  }

  private static Classification after(
      Classification own, Classification before, Classification next, Classification held) {
    int change = next.compareTo(before);
    return change == 0 ? own : higher(next, change > 0 ? own : held);
  }

  private SortedSet<String> purposesAfter(
      SortedSet<String> before, SortedSet<String> next, SortedSet<String> held) {
    if (before.equals(next)) {
      return purposes;
    }
    boolean wider = !before.isEmpty() && (next.isEmpty() || !before.containsAll(next));
    return common(next, wider ? held : purposes);
  }

  private Classification level(int column) {
    return columns.getOrDefault(column, Classification.PUBLIC);
  }

  /**
   * What is stricter than a contract, of the columns that it has.
   *
   * @param table its columns with their field IDs
   */
  Protection without(Contract contract, Schema table) {
    Protection own = of(contract, table);
    SortedMap<Integer, Classification> levels = new TreeMap<>(columns);
    levels.keySet().retainAll(own.columns.keySet());
    levels.entrySet().removeIf(each -> each.getValue().compareTo(own.level(each.getKey())) <= 0);
    boolean narrower = own.purposes.isEmpty() || !purposes.containsAll(own.purposes);
    return new Protection(
        classification.compareTo(own.classification) > 0 ? classification : Classification.PUBLIC,
        levels,
        fourEyes && !own.fourEyes,
        narrower ? purposes : new TreeSet<>());
  }

  /** A contract with this protection where its own is weaker. */
  public Contract applyTo(Contract contract, Schema table) {
    Contract all = contract;
    if (classification.compareTo(all.classification()) > 0) {
      all = all.classification(classification);
    }
    for (Types.NestedField column : table.columns()) {
      boolean has = contract.schema().getField(column.name()) != null;
      Classification level = level(column.fieldId());
      if (has && level.compareTo(all.classificationOf(column.name())) > 0) {
        all = all.classification(level, column.name());
      }
    }
    SortedSet<String> allowed = common(new TreeSet<>(contract.purposes()), purposes);
    if (!Set.copyOf(allowed).equals(Set.copyOf(contract.purposes()))) {
      all = all.purposes(allowed.toArray(new String[0]));
    }
    return fourEyes && !all.requiresFourEyes() ? all.requireFourEyes() : all;
  }

  /**
   * What is stricter than in another protection, as clauses.
   *
   * @param table the columns by which to name them
   */
  List<String> beyond(Protection other, Schema table) {
    List<String> stricter = new ArrayList<>();
    if (classification.compareTo(other.classification) > 0) {
      stricter.add("the classification " + classification + " of the product");
    }
    for (Map.Entry<Integer, Classification> column : columns.entrySet()) {
      boolean whole = column.getValue().compareTo(classification) <= 0 && !stricter.isEmpty();
      if (!whole && column.getValue().compareTo(other.level(column.getKey())) > 0) {
        Optional.ofNullable(table.findColumnName(column.getKey()))
            .ifPresent(
                name -> stricter.add("the classification " + column.getValue() + " of " + name));
      }
    }
    if (fourEyes && !other.fourEyes) {
      stricter.add("the four-eyes rule");
    }
    boolean narrower = other.purposes.isEmpty() || !purposes.containsAll(other.purposes);
    if (!purposes.isEmpty() && narrower) {
      stricter.add("the restriction to the purposes " + String.join(", ", purposes));
    }
    return stricter;
  }
}
