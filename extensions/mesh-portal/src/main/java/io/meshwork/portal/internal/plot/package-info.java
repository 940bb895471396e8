/** Plots as shapes in a box, which the templates of the portal write as SVG. */
@NullMarked
package io.meshwork.portal.internal.plot;

import org.jspecify.annotations.NullMarked;
