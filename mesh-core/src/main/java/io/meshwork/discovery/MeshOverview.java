package io.meshwork.discovery;

import io.meshwork.card.ProductConsumer;
import io.meshwork.discovery.Lineage.Fault;
import java.util.List;

/**
 * The mesh at one moment, for many questions: {@code MeshClient.overview()} reads it once, and no
 * question reads products again. The answers are what the client would have returned at that
 * moment. If the caller's account acts for another domain since then, the next question reads the
 * mesh again. Thread-safe; nothing to close.
 */
public interface MeshOverview {
  /**
   * Returns the names of the domains, in order, also without products; without domains of catalogs
   * that could not be read.
   */
  List<String> domains();

  /** Returns the health of all products, worst first, as {@code MeshClient.health()}. */
  MeshHealth health();

  /**
   * Asks what a product derives from and what derives from it, as {@code MeshClient.lineage}. Its
   * {@code graph()} throws a {@code NotFoundException} if the mesh had no such product at that
   * moment, or it could not be read.
   *
   * @param product such as {@code commerce/orders}, or a link
   */
  Lineage.Query lineage(CharSequence product);

  /**
   * Returns where the trouble of a product comes from, as {@code MeshClient.faultOf}.
   *
   * @throws io.meshwork.error.NotFoundException if the mesh had no such product at that moment, or
   *     it could not be read
   */
  Fault faultOf(CharSequence product);

  /**
   * Returns the uses of products by all domains, by domain and product, as {@code MeshClient.uses}
   * of each domain. The first call reads them.
   *
   * @throws io.meshwork.error.BackendException if a catalog cannot be read
   */
  List<ProductConsumer> uses();

  /**
   * Returns the bytes that were not copied, as {@code MeshClient.avoidedCopies()}. Reads the uses
   * if no question did.
   */
  AvoidedCopies avoidedCopies();
}
