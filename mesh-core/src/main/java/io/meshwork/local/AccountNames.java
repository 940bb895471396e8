package io.meshwork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The new names of accounts, in the keys and fields of documents that name principals. */
final class AccountNames {
  /** Prefix of the sort keys of accounts, in the partition of governance. */
  static final String ACCOUNTS = "account/";

  private static final String EXECUTORS = "executor/";
  private static final String EXECUTED_BY = "/@by/";
  private static final String FINAL = "final";

  /** The field of an archived segment of a log with its path, which begins with the partition. */
  private static final String PATH = "path";

  /** The field of a use with a day for each {@code account/role}. */
  private static final String READERS = "readers";

  /** Fields with {@code account/role}. */
  private static final Set<String> PRINCIPALS =
      Set.of(
          "by",
          "principal",
          "requester",
          "registeredBy",
          "authorizedBy",
          "executedBy",
          "approvedBy",
          "administrators",
          "deciders");

  /** Fields with an account or a grantee, in the documents below. */
  private static final Set<String> GRANTEES =
      Set.of("to", "executors", "account", "accounts", "recipientAccount");

  private static final List<String> WITH_GRANTEES =
      List.of(
          RegistryKeys.DOMAINS,
          RegistryKeys.GRANTS,
          RegistryKeys.REGRANTS,
          RegistryKeys.AUTHORIZATIONS,
          RegistryKeys.DECISIONS,
          RegistryKeys.LINKS);

  private final Map<String, String> names;
  private final Set<String> original = new TreeSet<>();
  private final Set<String> accounts = new TreeSet<>();

  /** Creates the new names by the old ones; names of other accounts do not change. */
  AccountNames(Map<String, String> names) {
    this.names = Map.copyOf(names);
  }

  /** Returns all accounts, by their new names, in the keys and documents so far. */
  Set<String> found() {
    return accounts;
  }

  /** Returns all accounts, by their old names, in the keys and documents so far. */
  Set<String> original() {
    return original;
  }

  /** Returns the key with new names. */
  Key key(Key old) {
    return new Key(partition(old.partition()), sort(old.sort()));
  }

  /** Returns the name of a partition, or a path below one, maybe with an account's name. */
  String partition(String old) {
    int start = old.indexOf(EXECUTED_BY);
    if (start < 0) {
      return old;
    }
    int from = start + EXECUTED_BY.length();
    int slash = old.indexOf('/', from);
    int to = slash < 0 ? old.length() : slash;
    return old.substring(0, from) + account(old.substring(from, to)) + old.substring(to);
  }

  private String sort(String old) {
    if (old.startsWith(ACCOUNTS)) {
      return ACCOUNTS + account(old.substring(ACCOUNTS.length()));
    } else if (old.startsWith(EXECUTORS)) {
      return EXECUTORS + account(old.substring(EXECUTORS.length()));
    } else if (old.startsWith(RegistryKeys.STEWARDS)) {
      return RegistryKeys.STEWARDS + principal(old.substring(RegistryKeys.STEWARDS.length()));
    } else if (old.startsWith(RegistryKeys.DECISIONS)) {
      int slash = old.indexOf('/', RegistryKeys.DECISIONS.length()) + 1;
      String by = old.substring(slash);
      return slash == 0 || by.equals(FINAL) ? old : old.substring(0, slash) + principal(by);
    }
    return old;
  }

  /** Replaces the names in a document. */
  void apply(String sort, ObjectNode document) {
    boolean hasGrantees = WITH_GRANTEES.stream().anyMatch(sort::startsWith);
    apply(document, hasGrantees);
  }

  private void apply(ObjectNode object, boolean hasGrantees) {
    if (object.get(READERS) instanceof ObjectNode readers) {
      object.set(READERS, renamed(readers));
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      field.setValue(applied(field.getKey(), field.getValue(), hasGrantees));
    }
  }

  private ObjectNode renamed(ObjectNode byPrincipal) {
    ObjectNode renamed = byPrincipal.objectNode();
    byPrincipal
        .properties()
        .forEach(field -> renamed.set(principal(field.getKey()), field.getValue()));
    return renamed;
  }

  private JsonNode applied(String field, JsonNode value, boolean hasGrantees) {
    if (value instanceof ObjectNode object) {
      apply(object, hasGrantees);
    } else if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, applied(field, array.get(i), hasGrantees));
      }
    } else if (value.isTextual()) {
      String text = value.asText();
      String renamed = text;
      if (field.equals(PATH)) {
        renamed = partition(text);
      } else if (PRINCIPALS.contains(field)) {
        renamed = principal(text);
      } else if (hasGrantees && GRANTEES.contains(field)) {
        renamed = grantee(text);
      }
      return renamed.equals(text) ? value : TextNode.valueOf(renamed);
    }
    return value;
  }

  private String principal(String text) {
    int slash = text.indexOf('/');
    return slash <= 0 ? text : account(text.substring(0, slash)) + text.substring(slash);
  }

  private String grantee(String text) {
    if (text.isBlank()) {
      return text;
    }
    Grantee grantee = Grantee.of(text);
    return switch (grantee.kind()) {
      case ACCOUNT -> account(text);
      case ACCOUNT_PRINCIPALS ->
          Grantee.principalsOf(account(grantee.account().orElseThrow())).id();
      case PRINCIPAL ->
          grantee
              .account()
              .map(old -> text.replace(":" + old + ":", ":" + account(old) + ":"))
              .orElse(text);
      case ORGANIZATION, UNIT, IAM_ALLOWED_PRINCIPALS -> text;
    };
  }

  private String account(String name) {
    String renamed = names.getOrDefault(name, name);
    original.add(name);
    accounts.add(renamed);
    return renamed;
  }
}
