/** Files that become rows of a product where they are. */
@NullMarked
package io.meshwork.internal.conformance.onboarding;

import org.jspecify.annotations.NullMarked;
