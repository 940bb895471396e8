package io.meshwork.engine;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;

/**
 * Our errors as Iceberg's. Whatever is certain not to have been committed becomes one that lets
 * Iceberg delete what it wrote; an unknown outcome becomes the one that forbids it.
 */
final class EngineErrors {
  private EngineErrors() {}

  static RuntimeException of(MeshException error) {
    String message = error.getMessage();
    if (error instanceof OutcomeUnknownException) {
      return new CommitStateUnknownException(message, error);
    }
    if (error instanceof ConflictException) {
      return new CommitFailedException(error, "%s", message);
    }
    if (error instanceof NotFoundException) {
      return new NoSuchTableException(error, "%s", message);
    }
    if (error instanceof AccessDeniedException
        || error.errorCode() == ErrorCode.DOMAIN_MISSING
        || error.errorCode() == ErrorCode.CLOSED) {
      return new ForbiddenException(error, "%s", message);
    }
    return new ServiceUnavailableException(error, "%s", message);
  }

  /** A reader who may not have the files. */
  static ForbiddenException unreadable(TableIdentifier table, MeshException why) {
    return new ForbiddenException(
        why,
        "%s",
        why.getMessage()
            + " Table "
            + table
            + " is opened only for those who may read all of it, since an engine reads files and"
            + " nothing can be masked in them. Read what you may through MeshClient.read(..), or"
            + " through Lake Formation.");
  }

  static ForbiddenException createTable(TableIdentifier table) {
    return refused(
        "create table " + table,
        "a table comes with a product and its contract. Define the product with"
            + " MeshClient.defineProduct(..).");
  }

  static ForbiddenException dropTable(TableIdentifier table) {
    return refused(
        "drop table " + table,
        "it holds a version of a product, which consumers may depend on. The owner ends it through"
            + " MeshClient, by retiring that version.");
  }

  static ForbiddenException renameTable(TableIdentifier table) {
    return refused(
        "rename table " + table,
        "its name is that of the product and its major version. Define a product of another name"
            + " with MeshClient.defineProduct(..).");
  }

  static ForbiddenException registerTable(TableIdentifier table) {
    return refused(
        "register table " + table,
        "nobody would have judged its rows. Define the product with MeshClient.defineProduct(..),"
            + " and bring the files in with MeshClient.publish(..).files(..).");
  }

  static ForbiddenException createNamespace(Namespace namespace) {
    return refused(
        "create namespace " + namespace,
        "a namespace is a domain. Register it with MeshClient.registerDomain(..).");
  }

  static ForbiddenException changeNamespace(Namespace namespace) {
    return refused(
        "change or drop namespace " + namespace,
        "a namespace is a domain. Amend it with MeshClient.registerDomain(..).");
  }

  static NoSuchTableException noSuchTable(TableIdentifier table) {
    return new NoSuchTableException(
        "There is no table %s: tables are named domain.product_v1 in storage names, and MeshClient"
            + " .products() lists the products",
        table);
  }

  static NoSuchNamespaceException noSuchNamespace(Namespace namespace) {
    return new NoSuchNamespaceException(
        "There is no namespace %s: namespaces are the domains of the mesh", namespace);
  }

  private static ForbiddenException refused(String what, String why) {
    return new ForbiddenException(
        "%s", "Cannot " + what + " in an engine: " + why + " Nothing was changed.");
  }
}
