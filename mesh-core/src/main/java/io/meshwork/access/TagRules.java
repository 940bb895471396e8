package io.meshwork.access;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges whether tags may be put on a database, a table or a column. */
final class TagRules {
  /** Most characters of a key and of a value. */
  private static final int MOST_CHARACTERS = 50;

  private static final Set<Permission> ON_TABLE =
      EnumSet.of(
          Permission.ALTER,
          Permission.DELETE,
          Permission.DESCRIBE,
          Permission.DROP,
          Permission.INSERT,
          Permission.SELECT);

  private final Estate estate;
  private final Resource on;
  private final Standing standing;

  TagRules(Estate estate, Grantee actor, Resource on, Instant at) {
    this.estate = estate;
    this.on = on;
    this.standing = new Standing(estate, actor, on.account(), at);
  }

  Ruling ruling(Map<String, List<String>> tags, Optional<String> tagAccount) {
    String fault = fault(tags, tagAccount.orElse(on.account()));
    return fault == null ? Ruling.ACCEPT : Ruling.reject(fault);
  }

  private @Nullable String fault(Map<String, List<String>> tags, String tagAccount) {
    if (estate.linkNamed(on) != null) {
      return "TAG_ON_LINK";
    } else if (!exists()) {
      return "UNKNOWN_RESOURCE";
    } else if (!tagAccount.equals(on.account())) {
      return "TAG_ACCOUNT";
    } else if (tags.values().stream().anyMatch(values -> values.size() != 1)) {
      return "MULTIPLE_VALUES";
    } else if (tags.entrySet().stream()
        .anyMatch(tag -> isLong(tag.getKey()) || isLong(tag.getValue().get(0)))) {
      return "TAG_LENGTH";
    } else if (tags.entrySet().stream().anyMatch(tag -> !isDefined(tag))) {
      return "TAG_UNDEFINED";
    } else if (standing.isAdminOf(on.account())) {
      return null;
    } else if (!tags.entrySet().stream().allMatch(this::mayAssociate)) {
      return "ASSOCIATE_REQUIRED";
    }
    return holdsEnough() ? null : "RESOURCE_PERMISSION_REQUIRED";
  }

  private @Nullable DatabaseNode database() {
    return on instanceof Resource.Database of ? estate.database(of.account(), of.name()) : null;
  }

  private @Nullable TableNode table() {
    return on.table().isEmpty()
        ? null
        : estate.table(on.account(), on.database().orElseThrow(), on.table().get());
  }

  private boolean exists() {
    TableNode table = table();
    if (table != null && on instanceof Resource.Columns of) {
      return of.names().stream().allMatch(name -> table.place(name) != null);
    }
    return table != null || database() != null;
  }

  private static boolean isLong(String text) {
    return text.codePointCount(0, text.length()) > MOST_CHARACTERS;
  }

  private boolean isDefined(Map.Entry<String, List<String>> tag) {
    return estate.defines(on.account(), Fold.of(tag.getKey()), Fold.of(tag.getValue().get(0)));
  }

  private boolean mayAssociate(Map.Entry<String, List<String>> tag) {
    Resource value = new Resource.TagValues(on.account(), tag.getKey(), tag.getValue());
    Standing.Pick pick = AtLargeJudge.pick(value, Permission.ASSOCIATE);
    return standing.direct(pick).stream().anyMatch(standing::inForce)
        || (standing.accountLevel(pick).stream().anyMatch(standing::inForce)
            && !standing.local(pick).isEmpty());
  }

  private boolean holdsEnough() {
    DatabaseNode database = database();
    if (database != null) {
      return database.isCreator(standing.principal()) || holdsEnough(database);
    }
    TableNode table = table();
    return table != null
        && (table.isCreator(standing.principal())
            || standing.isAdminOf(table.foreignCreatorAccount())
            || holdsEnough(table));
  }

  private boolean holdsEnough(DatabaseNode database) {
    Set<Permission> needed =
        EnumSet.of(Permission.ALTER, Permission.CREATE_TABLE, Permission.DESCRIBE);
    if (!standing.foreign()) {
      needed.add(Permission.DROP);
    }
    Standing.Pick pick = DatabaseJudge.any(database);
    return needed.stream().allMatch(permission -> mayHandOn(permission, pick, null));
  }

  private boolean holdsEnough(TableNode table) {
    Standing.Pick pick = TableJudge.any(table);
    return ON_TABLE.stream().allMatch(permission -> mayHandOn(permission, pick, table));
  }

  /** True if a permission on the whole resource is held with grant option. */
  private boolean mayHandOn(Permission permission, Standing.Pick pick, @Nullable TableNode table) {
    for (HeldGrant held : standing.direct(pick)) {
      if (standing.inForce(held) && has(held, held.grant().grantable(), permission, table)) {
        return true;
      }
    }
    return standing.accountLevel(pick).stream()
            .anyMatch(
                held ->
                    standing.inForce(held)
                        && has(held, held.grant().permissions(), permission, table))
        && standing.local(pick).stream()
            .anyMatch(held -> has(held, held.grant().grantable(), permission, table));
  }

  private static boolean has(
      HeldGrant held, Set<Permission> some, Permission permission, @Nullable TableNode table) {
    if (!some.contains(permission) && !some.contains(Permission.ALL)) {
      return false;
    } else if (table == null) {
      return true;
    }
    Gift gift = Gift.of(held, table, some);
    return gift != null && gift.whole() && gift.givesOutright(permission);
  }
}
