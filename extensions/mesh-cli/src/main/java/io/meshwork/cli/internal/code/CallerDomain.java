package io.meshwork.cli.internal.code;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;

/** The domain that the caller acts for, whose grants, tags, and links a client lists. */
final class CallerDomain {
  private CallerDomain() {}

  /**
   * Rejects a caller that acts for a domain other than the named one.
   *
   * @param domain one that exists, or that the caller is about to register
   */
  static void require(MeshClient client, String domain) {
    try {
      client.events(domain).limit(1).list();
    } catch (NotFoundException e) {
      requireNone(client, domain);
    } catch (AccessDeniedException e) {
      throw wrongDomain(client, domain);
    }
  }

  private static void requireNone(MeshClient client, String domain) {
    try {
      client.access().grants();
    } catch (InvalidRequestException e) {
      if (e.errorCode() == ErrorCode.DOMAIN_MISSING) {
        return;
      }
      throw e;
    }
    throw wrongDomain(client, domain);
  }

  private static UsageException wrongDomain(MeshClient client, String domain) {
    return new UsageException(
        client.principal()
            + " does not act for the domain "
            + domain
            + ", so its grants and links are not known. Nothing was changed. Act as one of its"
            + " roles with --as ACCOUNT/ROLE.");
  }
}
