using HyperVDash.Model.Fleet;

namespace HyperVDash.Web.Fleet;

/// <summary>One virtual actor a host: keeps the newest reading and examines it.</summary>
public interface IHostGrain : IGrainWithStringKey
{
    /// <summary>A newer reading; one older than what is known is passed over.</summary>
    Task Apply([Immutable] HostReading reading);
}

/// <summary>One virtual actor a cluster: compares its nodes.</summary>
public interface IClusterGrain : IGrainWithStringKey
{
    Task Apply([Immutable] HostReading reading);
}
