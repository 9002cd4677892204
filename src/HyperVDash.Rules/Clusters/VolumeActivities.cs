using System.Collections.Immutable;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Performance;

namespace HyperVDash.Rules.Clusters;

/// <summary>What the counters of one node say of the shared volumes. Which of a volume's names they use is not the same everywhere: the resource's, the folder, its path or the volume's id.</summary>
internal sealed class VolumeActivities
{
    private readonly Dictionary<string, SharedVolumeActivity> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Guid, SharedVolumeActivity> _byId = [];

    public VolumeActivities(ImmutableArray<SharedVolumeActivity> activities)
    {
        foreach (var activity in activities)
        {
            _byName.TryAdd(activity.Name, activity);
            if (IdIn(activity.Name) is { } id)
            {
                _byId.TryAdd(id, activity);
            }
        }
    }

    /// <summary>Null: none is called like the volume.</summary>
    public SharedVolumeActivity? Of(SharedVolume volume) =>
        _byName.GetValueOrDefault(volume.Name)
        ?? (volume.Path is { } path ? _byName.GetValueOrDefault(path) ?? _byName.GetValueOrDefault(FolderOf(path)) : null)
        ?? (IdIn(volume.VolumeId) is { } id ? _byId.GetValueOrDefault(id) : null);

    private static string FolderOf(string path)
    {
        string plain = path.TrimEnd('\\');
        return plain[(plain.LastIndexOf('\\') + 1)..];
    }

    private static Guid? IdIn(string? text)
    {
        int start = text?.IndexOf('{', StringComparison.Ordinal) ?? -1;
        return Guid.TryParse(start >= 0 && text!.IndexOf('}', start) is > 0 and var end ? text[start..(end + 1)] : text, out var id) ? id : null;
    }
}
