using System.Collections.Immutable;

namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section services: the services that matter to Hyper-V, and the VM worker processes.</summary>
public sealed record ServiceList
{
    public ImmutableArray<HostService> Items { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>One per running VM worker (Win32_Process vmwp.exe); null if processes could not be read.</summary>
    public ImmutableArray<WorkerProcess>? Workers { get; init; }
}

/// <param name="Name">The short name, e.g. <c>vmms</c>; never localised.</param>
public sealed record HostService(string Name, ServiceState State, ServiceStartMode StartMode)
{
    /// <summary>Win32_Service.ExitCode: why it ended; 0 while it runs well.</summary>
    public long? ExitCode { get; init; }

    /// <summary>Win32_Service.ProcessId; null when it does not run.</summary>
    public long? ProcessId { get; init; }
}

/// <summary>Win32_Service.State.</summary>
public enum ServiceState { Unknown, Stopped, StartPending, StopPending, Running, ContinuePending, PausePending, Paused }

/// <summary>Win32_Service.StartMode.</summary>
public enum ServiceStartMode { Unknown, Boot, System, Auto, Manual, Disabled }

/// <param name="VirtualMachineId">From the command line; null without the right to see it.</param>
public sealed record WorkerProcess(long ProcessId, Guid? VirtualMachineId);
