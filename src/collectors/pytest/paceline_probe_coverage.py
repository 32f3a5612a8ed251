"""How coverage measures in this process, whatever started it."""

import sys

CORES = {"CTracer": "ctrace", "PyTracer": "pytrace", "SysMonitor": "sysmon"}


def coverage_settings(config):
    """None without coverage. What cannot be read is None: most of it is private to coverage."""
    package = sys.modules.get("coverage")
    if package is None:
        return None
    plugin = config.pluginmanager.getplugin("_cov")  # pytest-cov
    controller = getattr(plugin, "cov_controller", None)
    measured = getattr(controller, "cov", None) or current(package)
    if measured is None:
        return None
    settings = getattr(measured, "config", None)
    reports = getattr(getattr(plugin, "options", None), "cov_report", None) if controller is not None else None
    source = [
        str(each)[:300]
        for name in ("source", "source_pkgs", "source_dirs")
        for each in getattr(settings, name, None) or []
    ]
    branch = getattr(settings, "branch", None)
    return {
        "branch": branch if isinstance(branch, bool) else None,
        "source": sorted(set(source))[:20],
        "core": core_of(measured),
        "reports": sorted(str(kind) for kind in reports or [])[:20],
        "version": getattr(package, "__version__", None),
    }


def current(package):
    try:
        return package.Coverage.current()  # since coverage 5
    except Exception:
        return None


def core_of(measured):
    """By the name of the tracer, as `coverage debug sys` gives it."""
    collector = getattr(measured, "_collector", None)
    try:
        return CORES.get(collector.tracer_name())
    except Exception:
        return None
