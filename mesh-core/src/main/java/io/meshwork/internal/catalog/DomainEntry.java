package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stored entry of a domain.
 *
 * @param domain its value
 * @param stored its document, for checks and for read-modify-write
 */
public record DomainEntry(Domain domain, VersionedDocument stored) {
  private static final String ADMINISTRATORS = "administrators";
  private static final String DECIDERS = "deciders";
  private static final String REGISTERED_BY = "registeredBy";
  private static final String REGISTERED_FOR_OTHERS = "registeredForOthers";
  private static final String FORMER_ACCOUNTS = "formerAccounts";
  private static final String LEFT_AT = "leftAt";
  private static final String PLACES = "places";
  private static final String ROOT = "root";
  private static final String ACCOUNT = "account";
  private static final String REGION = "region";

  /** Reads a domain's document. */
  public static DomainEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    List<String> accounts = new ArrayList<>();
    for (JsonNode account : json.path("accounts")) {
      accounts.add(account.asText());
    }
    List<Principal> administrators = principals(json.path(ADMINISTRATORS));
    return new DomainEntry(
        new Domain(
            json.path("name").asText(),
            json.path("description").asText(),
            json.path("owner").asText(),
            json.path("steward").asText(),
            accounts,
            administrators,
            json.has(DECIDERS) ? principals(json.path(DECIDERS)) : administrators),
        stored);
  }

  /** False for an old document without roles. */
  public boolean hasRoles() {
    return stored.json().has(ADMINISTRATORS);
  }

  /** The principal that registered it; empty for an old document without this field. */
  Optional<Principal> registeredBy() {
    return Optional.ofNullable(stored.json().path(REGISTERED_BY).textValue())
        .map(DomainEntry::principal);
  }

  /**
   * True if its registrar's account did not act for it when it was registered. In a document of an
   * earlier version, which does not say so, the accounts of now decide.
   */
  boolean registeredForOthers(Optional<Principal> registrar) {
    JsonNode stated = stored.json().path(REGISTERED_FOR_OTHERS);
    return stated.isBoolean()
        ? stated.booleanValue()
        : registrar.filter(by -> !domain.accounts().contains(by.account())).isPresent();
  }

  /** True if an account acts for the domain, or acted for it at this time or later. */
  public boolean hadAccountSince(String account, Instant time) {
    if (domain.accounts().contains(account)) {
      return true;
    }
    for (JsonNode former : stored.json().path(FORMER_ACCOUNTS)) {
      if (former.path(ACCOUNT).asText().equals(account)
          && !Instant.parse(former.path(LEFT_AT).asText()).isBefore(time)) {
        return true;
      }
    }
    return false;
  }

  /** Writes when an account left a domain into its document, once for each account. */
  public static void writeFormerAccount(String account, Instant leftAt, ObjectNode json) {
    ArrayNode former = json.withArray(FORMER_ACCOUNTS);
    former.removeIf(each -> each.path(ACCOUNT).asText().equals(account));
    former.addObject().put(ACCOUNT, account).put(LEFT_AT, leftAt.toString());
  }

  /** Parses {@code account/role}. */
  public static Principal principal(String text) {
    int slash = text.indexOf('/');
    return Principal.of(text.substring(0, slash), text.substring(slash + 1));
  }

  /**
   * A place of a domain's data.
   *
   * @param root its root
   * @param owner where it is; empty if the store has no accounts, or did not answer
   */
  public record DataPlace(String root, Optional<PlaceOwner> owner) {}

  /**
   * The account and the region of a place.
   *
   * @param account the account, such as one of AWS
   * @param region the region, such as {@code eu-central-1}
   */
  public record PlaceOwner(String account, String region) {}

  /** Its places of data, the newest first; empty if it has none. */
  public List<DataPlace> places() {
    List<DataPlace> places = new ArrayList<>();
    for (JsonNode place : stored.json().path(PLACES)) {
      places.add(
          new DataPlace(
              place.path(ROOT).asText(),
              place.has(ACCOUNT)
                  ? Optional.of(
                      new PlaceOwner(place.path(ACCOUNT).asText(), place.path(REGION).asText()))
                  : Optional.empty()));
    }
    return List.copyOf(places);
  }

  /** The roots of its places of data, the newest first; empty if it has none. */
  public List<String> roots() {
    return places().stream().map(DataPlace::root).toList();
  }

  /** Writes a place of data into a domain's document once, before the others. */
  public static void writePlace(DataPlace added, ObjectNode json) {
    ArrayNode places = json.withArray(PLACES);
    places.removeIf(place -> place.path(ROOT).asText().equals(added.root()));
    ObjectNode place = places.insertObject(0).put(ROOT, added.root());
    added
        .owner()
        .ifPresent(owner -> place.put(ACCOUNT, owner.account()).put(REGION, owner.region()));
  }

  private static List<Principal> principals(JsonNode array) {
    List<Principal> principals = new ArrayList<>();
    array.forEach(text -> principals.add(principal(text.asText())));
    return principals;
  }

  private static void write(ObjectNode json, String field, List<Principal> principals) {
    ArrayNode array = json.putArray(field);
    principals.forEach(principal -> array.add(principal.toString()));
  }

  /**
   * Writes the principal that registered a domain into its document, and whether it did so for
   * other accounts, unless the document has them.
   */
  public static void writeRegistrar(
      Optional<Principal> registrar, boolean forOthers, ObjectNode json) {
    registrar
        .filter(principal -> !json.has(REGISTERED_BY))
        .ifPresent(principal -> json.put(REGISTERED_BY, principal.toString()));
    if (!json.has(REGISTERED_FOR_OTHERS)) {
      json.put(REGISTERED_FOR_OTHERS, forOthers);
    }
  }

  /** Writes a domain's fields into its document; other fields are kept. */
  public static void write(Domain domain, ObjectNode json) {
    json.put("format", 1);
    json.put("name", domain.name());
    json.put("description", domain.description());
    json.put("owner", domain.owner());
    json.put("steward", domain.steward());
    ArrayNode accounts = json.putArray("accounts");
    domain.accounts().forEach(accounts::add);
    write(json, ADMINISTRATORS, domain.administrators());
    if (domain.deciders().equals(domain.administrators())) {
      json.remove(DECIDERS);
    } else {
      write(json, DECIDERS, domain.deciders());
    }
  }
}
