package io.meshwork.walk;

import io.meshwork.publish.Erase;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.walk.RolloutModel.Version;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A publish to several versions: as it is called, and as a program writes it.
 *
 * @param mode what it does to the rows that are there
 * @param filter the rows that are replaced or erased; null for none
 * @param otherFilter the same for the other versions, or another one by mistake
 * @param named false if the call does not name the other versions, so that one text is for all
 */
record PublishCall(
    Mode mode,
    List<Order> rows,
    @Nullable RowFilter filter,
    @Nullable RowFilter otherFilter,
    boolean named) {
  /** What a publish does to the rows that are there. */
  enum Mode {
    APPEND,
    TO_ONE,
    REPLACE_ALL,
    REPLACE,
    ERASE
  }

  static PublishCall append(List<Order> rows) {
    return new PublishCall(Mode.APPEND, rows, null, null, true);
  }

  static PublishCall toOne(List<Order> rows) {
    return new PublishCall(Mode.TO_ONE, rows, null, null, true);
  }

  static PublishCall replacingAll(List<Order> rows) {
    return new PublishCall(Mode.REPLACE_ALL, rows, null, null, true);
  }

  static PublishCall replacing(List<Order> rows, RowFilter filter, RowFilter other) {
    return new PublishCall(Mode.REPLACE, rows, filter, other, true);
  }

  static PublishCall erasing(RowFilter filter, RowFilter other) {
    return new PublishCall(Mode.ERASE, List.of(), filter, other, true);
  }

  boolean isErase() {
    return mode == Mode.ERASE;
  }

  boolean isToOne() {
    return mode == Mode.TO_ONE;
  }

  /** Returns the same call for these other versions, which may be none. */
  PublishCall naming(List<Version> others) {
    return new PublishCall(mode, rows, filter, otherFilter, !others.isEmpty());
  }

  /** Returns true if the filter selects the same rows of each version. */
  boolean isOfAllVersions() {
    return named
        ? filter != null && filter.equals(otherFilter)
        : filter != null && filter.kind() != RowFilter.Kind.PRICE;
  }

  /**
   * Returns true if the filters select a row of one version that another keeps, or if nothing shows
   * which rows of these versions are the same.
   *
   * @param mapped true for two versions between which rows were mapped, which are compared by
   *     number
   */
  boolean selectsOtherRows(
      Version lead, List<Version> versions, BiPredicate<Version, Version> mapped) {
    return versions.stream()
        .anyMatch(
            one ->
                versions.stream()
                    .anyMatch(
                        other ->
                            one != other
                                && selectsOtherRows(lead, one, other, mapped.test(one, other))));
  }

  private boolean selectsOtherRows(Version lead, Version one, Version other, boolean mapped) {
    Map<Long, Order> rows =
        other.rows.stream().collect(Collectors.toMap(Order::id, row -> row, (row, same) -> row));
    RowFilter selected = Objects.requireNonNull(filter(lead, one));
    RowFilter selectedThere = Objects.requireNonNull(filter(lead, other));
    List<Order> common = one.rows.stream().filter(row -> rows.containsKey(row.id())).toList();
    return common.isEmpty()
        || (mapped
            && one.rows.stream().filter(selected::test).count()
                != other.rows.stream().filter(selectedThere::test).count())
        || common.stream()
            .anyMatch(
                row ->
                    selected.test(row)
                        && !selectedThere.test(Objects.requireNonNull(rows.get(row.id()))));
  }

  /** Returns the filter of a version; null for none. */
  @Nullable RowFilter filter(Version lead, Version version) {
    if (version == lead || filter == null) {
      return filter;
    }
    return named ? otherFilter : RowFilter.parse(filter.in(lead.form), version.form);
  }

  /** Returns the erase of the rows. */
  private Erase erase(ShopProcess process, Version lead, List<Version> others, String key) {
    String own = filter == null ? "" : filter.in(lead.form);
    Erase erase =
        process
            .shop()
            .erase(RolloutWorld.PRODUCT)
            .majorVersion(lead.number)
            .where(own)
            .because("a request")
            .idempotencyKey(key);
    if (otherFilter != null) {
      others.forEach(other -> erase.where(other.number, otherFilter.in(other.form)));
    }
    return erase;
  }

  PublishReceipt commit(ShopProcess process, Version lead, List<Version> others, String key) {
    return mode == Mode.ERASE
        ? erase(process, lead, others, key).commit()
        : build(process, lead, others, key).commit();
  }

  boolean isAccepted(ShopProcess process, Version lead, List<Version> others, String key) {
    return mode == Mode.ERASE
        ? erase(process, lead, others, key).plan().isAccepted()
        : build(process, lead, others, key).plan().isAccepted();
  }

  Publish<?> build(ShopProcess process, Version lead, List<Version> others, String key) {
    Publish<?> start = process.shop().publish(RolloutWorld.PRODUCT).majorVersion(lead.number);
    String own = filter == null ? "" : filter.in(lead.form);
    Publish<Map<String, Object>> publish = start.records(rows.stream().map(lead.form::of).toList());
    switch (mode) {
      case REPLACE_ALL -> publish.replaceAll();
      case REPLACE -> publish.replaceWhere(own);
      case TO_ONE -> publish.onlyMajorVersion(lead.number).because("a late job");
      default -> {}
    }
    return also(publish, others).idempotencyKey(key);
  }

  private <T> Publish<T> also(Publish<T> publish, List<Version> others) {
    for (Version other : others) {
      if (otherFilter == null) {
        publish.alsoTo(other.number, other.form::of);
      } else {
        publish.alsoTo(other.number, other.form::of, otherFilter.in(other.form));
      }
    }
    return publish;
  }

  /** Returns the publish as a program writes it, without its last call. */
  String code(Version lead, List<Version> others, String key) {
    String version = "V" + lead.number;
    String own = filter == null ? "" : filter.in(lead.form);
    String records =
        ".records(List.of(%s))"
            .formatted(
                rows.stream()
                    .map(row -> version + ".of(" + row.code() + ")")
                    .collect(Collectors.joining(", ")));
    String what =
        switch (mode) {
          case APPEND -> records;
          case TO_ONE ->
              records + ".onlyMajorVersion(%d).because(\"a late job\")".formatted(lead.number);
          case REPLACE_ALL -> records + ".replaceAll()";
          case REPLACE -> records + ".replaceWhere(\"" + own + "\")";
          case ERASE -> ".where(\"" + own + "\").because(\"a request\")";
        };
    StringBuilder text =
        new StringBuilder(
            (mode == Mode.ERASE ? "@shop.erase(P)" : "@shop.publish(P)")
                + ".majorVersion("
                + lead.number
                + ")"
                + what);
    for (Version other : others) {
      if (mode == Mode.ERASE) {
        if (otherFilter != null) {
          text.append(".where(%d, \"%s\")".formatted(other.number, otherFilter.in(other.form)));
        }
        continue;
      }
      String third = otherFilter == null ? "" : ", \"" + otherFilter.in(other.form) + "\"";
      text.append(".alsoTo(%d, V%d::of%s)".formatted(other.number, other.number, third));
    }
    return text + ".idempotencyKey(\"" + key + "\")";
  }
}
