/**
 * Domains, products, and contracts: how producers register, define, and amend them.
 *
 * <p>Start at {@link io.meshwork.change.DefineProduct}. {@code MeshClient} creates the operations;
 * their code is in {@code internal.change}. Imports values and ports only.
 */
@NullMarked
package io.meshwork.change;

import org.jspecify.annotations.NullMarked;
