/**
 * Checks contract files and compares them, without a mesh.
 *
 * <p>Start at {@link io.meshwork.cli.internal.contract.ContractVerbs}.
 */
@NullMarked
package io.meshwork.cli.internal.contract;

import org.jspecify.annotations.NullMarked;
