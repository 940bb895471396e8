package io.meshwork.governance;

import io.meshwork.access.AccessOperation;
import io.meshwork.operation.Operation.CheckReturnValue;
import java.util.List;
import java.util.SortedMap;

/**
 * What data stewards do for the domain that they act for. Obtain it with {@code
 * MeshClient.governance()}. Thread-safe; nothing to close.
 */
public interface GovernanceClient {
  /**
   * Defines a tag of the caller's domain, or adds values to one that exists. No value is removed.
   * Keys and values are stored in lower case. Nobody gains or loses access by a definition.
   *
   * @param key at most 50 characters
   * @param values the values that the tag may have, at most 50 characters each
   * @return an operation that returns all values that the tag may then have; for one thread,
   *     committed once
   * @throws io.meshwork.error.InvalidRequestException if no value is given, or a key or value is
   *     not allowed
   */
  @CheckReturnValue
  AccessOperation<List<String>> defineTag(String key, String... values);

  /**
   * Lists the tags that a domain defines, each with its values. Everybody may ask.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  SortedMap<String, List<String>> tags(String domain);

  /**
   * Lists the catalogs of the mesh, their domains, and what this topology costs. Everybody may ask.
   *
   * @throws io.meshwork.error.BackendException if a catalog is unavailable, naming it: a count
   *     without it would be wrong
   */
  MeshShape topology();

  /**
   * Queries who did what, and when, in all logs of the mesh. For those who act for a domain about
   * that domain and its products, and for everybody about their own account.
   */
  Audit audit();

  /**
   * Lists the grants that the caller's domain made or passed on, each with how it was used in the
   * last year. For those who act for the domain.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  AccessReview accessReview(String domain);
}
