package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.ledger.DocumentJson;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Recognizes the permissions that an interrupted change left. Stateless. */
final class PartialGrant {
  private static final List<String> LISTS =
      List.of(
          GrantEntries.PERMISSIONS,
          GrantEntries.GRANTABLE,
          LakeFormationJson.COLUMN_NAMES,
          GrantEntries.GRANTABLE_COLUMNS);

  private PartialGrant() {}

  /**
   * Returns true if an entry has nothing that it had neither before nor after the change.
   *
   * @param before its content before; empty if it did not exist
   * @param after its content after; empty if it was to be removed
   */
  static boolean isBetween(Optional<String> before, Optional<String> after, String actual) {
    JsonNode now = parse(actual);
    if (!now.has(GrantEntries.PRINCIPAL)) {
      return false;
    }
    for (String list : LISTS) {
      Set<String> allowed = new HashSet<>();
      before.ifPresent(text -> allowed.addAll(RequestJson.texts(parse(text).path(list))));
      after.ifPresent(text -> allowed.addAll(RequestJson.texts(parse(text).path(list))));
      if (!allowed.containsAll(RequestJson.texts(now.path(list)))) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode parse(String content) {
    return DocumentJson.parseObject("an object of Lake Formation", content);
  }
}
